import sys
from functools import cache


@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def main():
    try:
        depth(10_000)
    except RecursionError as error:
        message = str(error)
    sys.setrecursionlimit(20_000)
    return [fib(450), depth(15_000), message]
