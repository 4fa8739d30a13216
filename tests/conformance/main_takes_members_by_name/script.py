def main(first, second="b", **rest):
    return [first, second, rest]
