class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def length(self):
        return (self.x * self.x + self.y * self.y) ** 0.5


def kernel(n=60000):
    points = [Point(i % 101, i % 37) for i in range(n)]
    groups = {}
    for point in points:
        groups.setdefault(point.x, []).append(point)
    points.sort(key=Point.length)
    return sum(len(group) for group in groups.values()), points[n // 2].length()
