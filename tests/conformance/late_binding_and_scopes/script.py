counter = 0


def bump():
    global counter
    counter += 1
    return counter


def outer():
    total = 0

    def add(n, seen=[]):
        nonlocal total
        total += n
        seen.append(n)
        return total, len(seen)

    return add


def main():
    add = outer()
    functions = [lambda: i for i in range(3)]
    try:
        print(undefined_name)
    except NameError as error:
        message = str(error)
    return [bump(), bump(), add(2), add(3), [f() for f in functions], message, [y := 5, y**2], (lambda *a, k=1, **r: [a, k, r])(1, 2, k=3, z=4)]
