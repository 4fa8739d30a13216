"""What a `SystemExit` means, by CPython's own rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_LONGEST_ARGUMENT = 1000


class Exit(NamedTuple):
    """How a script left: its exit code, the call as text, and what goes to stderr, if anything."""

    code: int
    call: str
    complaint: str | None


def read(error: BaseException) -> Exit:
    """Read the argument of `sys.exit`: None is success, an int the code, anything else a
    complaint that is printed, with code 1. The system keeps the lowest eight bits of a code.
    """
    try:
        argument = error.code  # type: ignore[attr-defined]
    except BaseException:
        return Exit(1, "sys.exit(...)", None)
    if argument is None:
        return Exit(0, "sys.exit()", None)
    if issubclass(type(argument), int):
        code = int.__and__(argument, 0xFF)
        return Exit(code, f"sys.exit({_text(argument, int.__repr__)})", None)
    return Exit(1, f"sys.exit({_text(argument, repr)})", _text(argument, str, None))


def _text(
    value: object, convert: Callable[[object], str], most: int | None = _LONGEST_ARGUMENT
) -> str:
    try:
        text = convert(value)
    except BaseException:
        return "..."
    return text if most is None or len(text) <= most else text[:most] + "..."
