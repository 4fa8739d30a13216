from operator import attrgetter, itemgetter


def main():
    rows = [("b", 2), ("a", 2), ("c", 1)]
    try:
        sorted([1, "a"])
    except TypeError as error:
        message = str(error)
    return [sorted(rows, key=itemgetter(1)), sorted(rows, key=lambda r: (-r[1], r[0])), sorted([3, -1, 2], key=abs, reverse=True), max(rows, key=itemgetter(1)),
            sorted(["é", "z", "a", "Z"]), sorted({"x": 1, "a": 2}), message, list(map(attrgetter("real"), [1, 2]))]
