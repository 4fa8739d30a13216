"""Return values of sympy's."""

from support import returned

REQUIRES = ("sympy",)
IMPORTS = "import sympy as sp\nx = sp.symbols('x')"


def value_of(expression: str) -> object:
    return returned(expression, IMPORTS).value


def test_numbers_are_numbers() -> None:
    assert value_of("sp.solve(x**2 - 4, x)") == [-2, 2]
    assert value_of("[sp.Rational(1, 2), sp.Float('1.5'), sp.sqrt(4), sp.oo]") == [
        0.5,
        1.5,
        2,
        None,
    ]
    assert value_of("{'pi': sp.pi, 2: sp.sqrt(2)}") == {"pi": 3.141592653589793, "2": 2**0.5}
    assert type(value_of("sp.Integer(3)")) is int
    assert value_of("sp.Integer(10)**30") == 10**30


def test_truth_and_matrices() -> None:
    assert value_of("[sp.true, sp.false, sp.Matrix([[1, 2], [3, 4]])]") == [
        True,
        False,
        [[1, 2], [3, 4]],
    ]


def test_expressions_say_what_to_do() -> None:
    for expression in ("x + 1", "sp.I", "sp.Eq(x, 1)", "[sp.sin(x)]"):
        fault = returned(expression, IMPORTS).fault
        assert fault["kind"] == "not_serializable" and "str(...)" in fault["message"], fault


def test_other_libraries_numbers_are_numbers() -> None:
    numbers = "[mpmath.mpf('0.5'), mpmath.mpf('nan')]"
    assert returned(numbers, "import mpmath").value == [0.5, None]
