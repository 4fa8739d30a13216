def fails(i):
    if i % 3:
        raise ValueError(i)
    return i


def generate(n):
    for i in range(n):
        yield i


def kernel(n=120000):
    caught = total = 0
    for i in generate(n):
        try:
            total += fails(i)
        except ValueError:
            caught += 1
    return caught, total
