"""What becomes of a dictionary key in JSON, where every key is a string."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any, cast

from .convert import convert
from .unsupported import Unsupported, type_name

#: Conversions in a row; a key that needs more converts to itself.
_MOST_CONVERSIONS = 10


def key_text(key: object) -> str:
    """The text of a key: numbers, booleans and None as Python's `json` writes them, dates,
    enum members and the like as they are written as values.
    """
    text: Any = key
    for _ in range(_MOST_CONVERSIONS):
        kind = type(text)
        if issubclass(kind, str):
            return cast(str, text)
        if text is None:
            return "null"
        if kind is bool:
            return "true" if text else "false"
        if issubclass(kind, int):
            return int.__repr__(text)
        if issubclass(kind, float):
            return _float_text(text)
        if issubclass(kind, (list, tuple, dict)):
            break
        try:
            text = convert(text)
        except Unsupported:
            break
    raise Unsupported(f"a key of type {type_name(type(key))} has no JSON form; use a string")


def _float_text(number: float) -> str:
    if isfinite(number):
        return float.__repr__(number)
    if isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"
