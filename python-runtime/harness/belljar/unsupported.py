"""Values that have no JSON form, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from io import IOBase
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import NoReturn

_OWN_MODULES = ("builtins", "script", "__main__")

_HINTS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (GeneratorType, "use list(...) to collect what it yields"),
    (AsyncGeneratorType, "collect it first: [item async for item in ...]"),
    (CoroutineType, "await it"),
    ((FunctionType, BuiltinFunctionType, MethodType), "call it"),
    (complex, "use [z.real, z.imag] or str(z)"),
    (type, "use an instance, or its __name__"),
    (ModuleType, "use its __name__"),
    (BaseException, "use str(...) of it"),
    (IOBase, "use what its read() returns"),
    (Iterator, "use list(...) to collect its items"),
)


class Unsupported(Exception):
    """A value, or a part of it, has no JSON form.

    `steps` leads to the part, innermost first; whoever passes the exception on adds its own.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.steps: list[str] = []


def reject(value: object) -> NoReturn:
    """Refuse a value, with a hint where there is one."""
    kind = type(value)
    hint = _hint(kind)
    problem = f"object of type {type_name(kind)} is not JSON serializable"
    raise Unsupported(f"{problem}; {hint}" if hint else problem)


def type_name(kind: type) -> str:
    """A type's name, with its module if it is a library's."""
    module = kind.__module__
    return kind.__qualname__ if module in _OWN_MODULES else f"{module}.{kind.__qualname__}"


def _hint(kind: type) -> str | None:
    for kinds, hint in _HINTS:
        if issubclass(kind, kinds):
            return hint
    if hasattr(kind, "groups") and hasattr(kind, "agg"):
        return "aggregate the groups first"
    if getattr(kind, "__dictoffset__", 0):
        return "return a dict instead, for example vars(...) of it"
    return None
