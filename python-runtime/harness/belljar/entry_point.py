"""Find a script's `def main` before anything runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import CO_NEWLOCALS, CO_OPTIMIZED
from types import CodeType

_FUNCTION_FLAGS = CO_OPTIMIZED | CO_NEWLOCALS
#: `def main[T]()` compiles to a function of this name that makes `main` and returns it.
_GENERIC_MAIN = "<generic parameters of main>"
#: `type main = int` compiles to a function, too; its only parameter can't be spelled in Python.
_LAZY_TYPE_PARAMETERS = (".format",)


def find(module: CodeType) -> CodeType | None:
    """The code of the module-level `def main` or `async def main`, wherever it is nested in
    `if`, `try`, `with`, `for` or `match`; of several the last, None without one.

    Only functions are compiled to constants of the module: those in classes and in other
    functions are constants of theirs, and a lambda or an imported `main` has another name.
    """
    found = None
    for constant in module.co_consts:
        if type(constant) is CodeType:
            if constant.co_name == "main":
                if _is_function(constant):
                    found = constant
            elif constant.co_name == _GENERIC_MAIN:
                found = find(constant) or found
    return found


def is_unreachable(source: str) -> bool:
    """Whether a script without a compiled `main` has one after all, in code the compiler dropped
    because it is never reached: after `while True: pass`, or below `if False`.

    Such a script has what it must have, so it runs, and its author hears of the endless loop.
    """
    blocks = [ast.parse(source).body]
    while blocks:
        for statement in blocks.pop():
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if statement.name == "main":
                    return True
            elif not isinstance(statement, ast.ClassDef):
                blocks.extend(_blocks_of(statement))
    return False


def _blocks_of(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements inside a compound statement, its handlers and cases included."""
    for field in ("body", "orelse", "finalbody"):
        yield getattr(statement, field, [])
    for field in ("handlers", "cases"):
        for part in getattr(statement, field, []):
            yield part.body


def _is_function(code: CodeType) -> bool:
    """Whether a code object named `main` is a function's, not a class body's or a type's."""
    return (
        code.co_flags & _FUNCTION_FLAGS == _FUNCTION_FLAGS
        and code.co_varnames != _LAZY_TYPE_PARAMETERS
    )
