"""The careful way from a return value to plain JSON data, in Python.

It gives the same result as the C encoder where that works, copes with what it can't (keys of
other types, integers of any length), and names the part of the value that has no JSON form.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from .convert import convert
from .keys import key_text
from .unsupported import Unsupported

#: As deep as Python code nests by default, and well below what the C encoder's stack holds.
DEEPEST = 1000

#: A longer path, or a longer key in it, is shortened in the middle.
_LONGEST_PATH = 12
_LONGEST_KEY = 60


class NotSerializable(Exception):
    """A script's return value has no JSON form; the message says which part, and why."""


def plain(value: object) -> object:
    """Rebuild `value` from nothing but dict, list, str, int, finite float, bool and None."""
    try:
        return _plain(value, set())
    except Unsupported as unsupported:
        message = f"{_path(unsupported.steps[::-1])}: {unsupported.problem}"
    raise NotSerializable(message)


def _plain(value: Any, above: set[int]) -> object:
    """`above` holds the identities of the values this one is inside of."""
    kind = type(value)
    if value is None or issubclass(kind, (str, int)):
        return value
    if issubclass(kind, float):
        return value if isfinite(value) else None
    identity = id(value)
    if identity in above:
        raise Unsupported("circular reference: it contains itself")
    if len(above) >= DEEPEST:
        raise Unsupported(f"nested too deeply: more than {DEEPEST} levels")
    above.add(identity)
    if issubclass(kind, dict):
        result = _plain_dict(value, above)
    elif issubclass(kind, (list, tuple)):
        result = _plain_list(value, above)
    else:
        result = _plain(convert(value), above)
    above.discard(identity)
    return result


def _plain_list(values: Any, above: set[int]) -> object:
    result: list[object] = []
    try:
        for value in values:
            result.append(_plain(value, above))
    except Unsupported as unsupported:
        unsupported.steps.append(f"[{len(result)}]")
        raise
    return result


def _plain_dict(values: Any, above: set[int]) -> object:
    result: dict[str, object] = {}
    for key, value in values.items():
        text = key_text(key)
        try:
            result[text] = _plain(value, above)
        except Unsupported as unsupported:
            unsupported.steps.append(f"[{_quoted(text)}]")
            raise
    return result


def _path(steps: list[str]) -> str:
    """How the script would write it: `result["a"][3]`."""
    if len(steps) > _LONGEST_PATH:
        half = _LONGEST_PATH // 2
        steps = [*steps[:half], "...", *steps[-half:]]
    return "result" + "".join(steps)


def _quoted(text: str) -> str:
    if len(text) > _LONGEST_KEY:
        half = _LONGEST_KEY // 2
        text = f"{text[:half]}...{text[-half:]}"
    return encode_basestring(text)
