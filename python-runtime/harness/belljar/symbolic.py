"""Values of computer algebra, sympy's: what is a number becomes one.

sympy is not imported, and need not be there: its objects are known by what they say of themselves.
"""

from __future__ import annotations

from typing import Any

from .unsupported import Unsupported, type_name


def is_symbolic(kind: type) -> bool:
    """Whether a type is an expression, a truth value or a matrix of sympy's."""
    return kind.__module__.partition(".")[0] == "sympy" and any(
        hasattr(kind, name) for name in ("is_number", "is_Boolean", "is_Matrix")
    )


def convert(value: Any) -> object:
    """The number, truth value or rows that a value is; else it says what to do."""
    if getattr(value, "is_Matrix", False):
        return value.tolist()
    if getattr(value, "is_Boolean", False) and value in (True, False):
        return bool(value)
    # Infinity and "not a number" are Numbers, but not real.
    if getattr(value, "is_Number", False) or (
        getattr(value, "is_number", False) and value.is_extended_real
    ):
        return float(value)
    kind = type_name(type(value))
    raise Unsupported(
        f"object of type {kind} is not JSON serializable; use str(...) of it, or of a number"
        " float(...), int(...) or complex(...)"
    )
