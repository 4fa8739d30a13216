"""Algebra. sympy is imported in the sandbox, which takes a moment."""

from sympy import Eq, diff, integrate, latex, solve, symbols


def main():
    x = symbols("x")
    polynomial = x**3 - 6 * x**2 + 11 * x - 6
    return {
        "roots": [int(root) for root in solve(Eq(polynomial, 0), x)],
        "derivative": str(diff(polynomial, x)),
        "integral": latex(integrate(polynomial, x)),
    }
