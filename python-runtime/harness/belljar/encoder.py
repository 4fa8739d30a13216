"""A script's return value as JSON text.

The C encoder of the standard library does nearly all of it, calling `convert` for what it
doesn't know. Where it fails, for whatever reason, `precise` starts over: slower, but it knows
more keys and numbers, and says exactly which part of a value can't be encoded.
"""

from __future__ import annotations

import re
import sys
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any

from . import convert_numpy, convert_pandas, precise
from .convert import convert, register

#: The containers the encoder is inside of, so that it notices a circle before the stack ends.
_markers: dict[int, Any] = {}

_encode = c_make_encoder(
    _markers,
    convert,
    encode_basestring,  # In C it escapes only what it must: the output is UTF-8.
    None,  # no indentation
    ":",
    ",",
    False,  # keys stay in their order
    False,  # odd keys are an error, not skipped
    True,  # NaN and Infinity pass, to be replaced afterwards
)

#: A string, or one of the words the encoder writes outside of strings that JSON doesn't have.
_STRING_OR_NON_FINITE = re.compile(r'"(?:[^"\\]++|\\.)*+"|NaN|Infinity|-Infinity')

#: Python frames that `precise` may need on top of those that are there already.
_RECURSION_ROOM = 3 * precise.DEEPEST

_get_digits, _set_digits = sys.get_int_max_str_digits, sys.set_int_max_str_digits
_get_depth, _set_depth = sys.getrecursionlimit, sys.setrecursionlimit

register(convert_numpy.CONVERTERS)
register(convert_pandas.CONVERTERS)


def encode(value: object) -> bytes:
    """Encode any value, or raise `precise.NotSerializable`. NaN and the infinities become null.

    Code of the script's may run on the way, in a property or an iterator, and run again when
    the careful way starts over. What it raises then is raised.
    """
    try:
        return to_json(value)
    except BaseException:
        _markers.clear()
    return _encode_carefully(value)


def to_json(value: object) -> bytes:
    """Encode a value that is known to have no surprises in it."""
    text = "".join(_encode(value, 0))
    if "NaN" in text or "Infinity" in text:
        text = _STRING_OR_NON_FINITE.sub(_null_unless_string, text)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _without_lone_surrogates(text).encode()


def _encode_carefully(value: object) -> bytes:
    """Encode by way of `precise`, with integers of any length and room for deep values."""
    digits, depth = _get_digits(), _get_depth()
    _set_digits(0)
    _set_depth(depth + _RECURSION_ROOM)
    try:
        return to_json(precise.plain(value))
    except RecursionError:
        raise precise.NotSerializable("result: nested too deeply") from None
    finally:
        _markers.clear()
        _set_digits(digits)
        _set_depth(depth)


def _null_unless_string(match: re.Match[str]) -> str:
    token = match[0]
    return token if token[0] == '"' else "null"


def _without_lone_surrogates(text: str) -> str:
    """Join surrogates that belong together and replace the others by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
