"""One level of conversion: from a value JSON has no form for to one that is closer to it.

A converter may return anything that can be encoded or converted further. It is found by the
value's type, then by the types it inherits from, then by what it behaves like.
"""

from __future__ import annotations

from array import array
from binascii import b2a_base64
from collections import UserString, deque
from collections.abc import Callable, Mapping, MappingView, Sequence, Set
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from numbers import Integral, Real
from pathlib import PurePath
from typing import Any
from uuid import UUID

from . import duration, symbolic
from .unsupported import reject

Converter = Callable[[Any], object]


def convert(value: object) -> object:
    """Convert one level, or raise `Unsupported`."""
    kind = type(value)
    converter = _found.get(kind)
    if converter is None:
        converter = _found[kind] = _find(kind)
    return converter(value)


def register(converters: Mapping[type, Converter]) -> None:
    """Teach `convert` more types, whose subclasses go the same way unless they are taught, too."""
    _converters.update(converters)


def _find(kind: type) -> Converter:
    for base in kind.__mro__:
        if base in _converters:
            return _converters[base]
    if hasattr(kind, "__dataclass_fields__"):
        return _from_dataclass
    # Numbers of libraries, sympy's and mpmath's for example.
    if issubclass(kind, Integral):
        return int
    if issubclass(kind, Real):
        return float
    if symbolic.is_symbolic(kind):
        return symbolic.convert
    if issubclass(kind, Mapping):
        return dict
    if issubclass(kind, Set) and not issubclass(kind, MappingView):
        return _from_set
    if issubclass(kind, (Sequence, MappingView)):
        return list
    return reject


def _from_dataclass(value: Any) -> object:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _from_set(value: Set[Any]) -> object:
    """Sorted where that is possible, so that equal sets give equal answers."""
    try:
        return sorted(value)
    except Exception:
        return list(value)


def _from_bytes(value: Any) -> object:
    return b2a_base64(bytes(value), newline=False).decode("ascii")


def _from_enum(value: Enum) -> object:
    return value.value


def _iso(value: date | time) -> object:
    return value.isoformat()


_converters: dict[type, Converter] = {
    array: array.tolist,
    bytearray: _from_bytes,
    bytes: _from_bytes,
    date: _iso,
    datetime: _iso,
    Decimal: str,
    deque: list,
    Enum: _from_enum,
    Fraction: str,
    frozenset: _from_set,
    memoryview: _from_bytes,
    PurePath: str,
    range: list,
    set: _from_set,
    time: _iso,
    timedelta: duration.from_timedelta,
    UserString: str,
    UUID: str,
}

#: What was found for the types met so far.
_found: dict[type, Converter] = {}
