def main():
    return [(1, 2), {3}, frozenset([5, 4]), range(3), {1: 2}.keys()]
