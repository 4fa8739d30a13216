"""Find a script's `def main` before anything runs, and call it with what it asks for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from inspect import CO_NEWLOCALS, CO_OPTIMIZED, CO_VARARGS
from json import JSONDecoder
from types import CodeType, FunctionType
from typing import Any

_decode = JSONDecoder().decode

_FUNCTION_FLAGS = CO_OPTIMIZED | CO_NEWLOCALS
#: `def main[T]()` compiles to a function of this name that makes `main` and returns it.
_GENERIC_MAIN = "<generic parameters of main>"
#: `type main = int` compiles to a function, too; its only parameter can't be spelled in Python.
_LAZY_TYPE_PARAMETERS = (".format",)
#: More decorators than this on one `main` are a loop.
_MOST_WRAPPERS = 100


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


def invoke(main: Callable[..., Any], definition: CodeType, input_text: bytes | None) -> Any:
    """Call `main` once, with the decoded input if it takes any.

    A first positional parameter or a keyword-only `input` gets it. Without input the
    parameter's default holds, else it is None.
    """
    function = _defined_function(main, definition)
    code = definition if function is None else function.__code__
    if code.co_argcount:
        defaults = function.__defaults__ if function is not None else None
        if input_text is None and defaults is not None and len(defaults) >= code.co_argcount:
            return main()
        return main(_decode_input(input_text))
    if code.co_kwonlyargcount and "input" in code.co_varnames[: code.co_kwonlyargcount]:
        named_defaults = function.__kwdefaults__ if function is not None else None
        if input_text is None and named_defaults is not None and "input" in named_defaults:
            return main()
        return main(input=_decode_input(input_text))
    if input_text is not None and code.co_flags & CO_VARARGS:
        return main(_decode_input(input_text))
    return main()


def _defined_function(main: Any, definition: CodeType) -> FunctionType | None:
    """The function whose parameters tell what `main` takes, None if it can't be reached.

    That is `main` itself, unless a decorator replaced it with something that takes anything:
    then it is the function the script defined.
    """
    if type(main) is FunctionType and not main.__code__.co_flags & CO_VARARGS:
        return main
    for _ in range(_MOST_WRAPPERS):
        if type(main) is FunctionType and main.__code__ is definition:
            return main
        main = getattr(main, "__wrapped__", None)
        if main is None:
            break
    return None


def _decode_input(text: bytes | None) -> Any:
    if text is None:
        return None
    try:
        return _decode(text.decode())
    except ValueError:
        # The host has checked the JSON, so this is an int of more digits than Python reads
        # by default; the default is the script's again afterwards.
        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            return _decode(text.decode())
        finally:
            sys.set_int_max_str_digits(limit)
