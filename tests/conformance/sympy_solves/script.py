from sympy import Eq, diff, expand, integrate, limit, oo, sin, solve, symbols


def main():
    x, y = symbols("x y")
    return [str(solve(x**2 - 2, x)), str(solve([Eq(x + y, 3), Eq(x - y, 1)], [x, y])), str(diff(sin(x) * x, x)), str(integrate(1 / (1 + x**2), x)),
            str(limit(sin(x) / x, x, 0)), str(expand((x + y) ** 3)), str(limit(1 / x, x, oo))]
