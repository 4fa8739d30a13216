"""Conversions of numpy's scalars and arrays, whole arrays at a time.

numpy is used if it was loaded before this package, and never imported.
"""

from __future__ import annotations

import sys
from typing import Any

from . import duration
from .convert import Converter
from .unsupported import Unsupported, reject

np: Any = sys.modules.get("numpy")

#: datetime64 units that are written as a date or a part of one, as numpy does.
_DATE_UNITS = frozenset("YMWD")
#: timedelta64 units in nanoseconds, as (multiply by, divide by); years and months have none.
_NANOSECONDS = {
    "W": (604_800 * 10**9, 1),
    "D": (86_400 * 10**9, 1),
    "h": (3_600 * 10**9, 1),
    "m": (60 * 10**9, 1),
    "s": (10**9, 1),
    "ms": (10**6, 1),
    "us": (10**3, 1),
    "ns": (1, 1),
    "ps": (1, 10**3),
    "fs": (1, 10**6),
    "as": (1, 10**9),
}
_NOT_A_TIME = -(2**63)


def from_array(array: Any) -> Any:
    """Nested lists; for an array without dimensions, the value in it."""
    kind = array.dtype.kind
    if kind == "f":
        return _from_floats(array)
    if kind in "biuOSUT":
        return array.tolist()
    if kind == "M":
        return _shaped(_instants(array.ravel()), array.shape)
    if kind == "m":
        return _shaped(_durations(array.ravel()), array.shape)
    if kind == "V":
        if array.dtype.names:
            return _shaped(_records(array.ravel()), array.shape)
        return array.tolist()
    hint = "; use its real and imag parts" if kind == "c" else ""
    raise Unsupported(f"array of {array.dtype} is not JSON serializable{hint}")


def _from_floats(array: Any) -> Any:
    if array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    finite = np.isfinite(array)
    if not finite.all():
        array = array.astype(object)
        array[~finite] = None
    return array.tolist()


def _shaped(flat: list[Any], shape: tuple[int, ...]) -> Any:
    """Nest a flat list as an array of that shape nests."""
    if len(shape) == 1:
        return flat
    array = np.empty(len(flat), object)
    array[:] = flat
    return array.reshape(shape).tolist()


def _instants(array: Any) -> list[str | None]:
    """ISO 8601 as `isoformat` writes it: only the decimals there are, in threes of digits."""
    unit, _ = np.datetime_data(array.dtype)
    if unit in _DATE_UNITS or unit == "generic":
        texts = np.datetime_as_string(array).tolist()
    elif unit in ("h", "m", "s"):
        texts = np.datetime_as_string(array, unit="s").tolist()
    elif unit in ("ms", "us"):
        texts = np.datetime_as_string(array, unit="us").tolist()
        texts = [text.removesuffix(".000000") for text in texts]
    else:
        texts = np.datetime_as_string(array).tolist()
        texts = [
            text.removesuffix("000").removesuffix(".000000") if text.endswith("000") else text
            for text in texts
        ]
    return [None if text == "NaT" else text for text in texts]


def _durations(array: Any) -> list[str | int | None]:
    """ISO 8601 durations; counts of years and months, which have no fixed length, as such."""
    unit, step = np.datetime_data(array.dtype)
    counts = array.view("i8").tolist()
    if unit == "generic":
        return [None if count == _NOT_A_TIME else count for count in counts]
    if unit in ("Y", "M"):
        return [None if count == _NOT_A_TIME else f"P{count * step}{unit}" for count in counts]
    multiplier, divisor = _NANOSECONDS[unit]
    multiplier *= step
    return [
        None if count == _NOT_A_TIME else duration.from_nanoseconds(count * multiplier // divisor)
        for count in counts
    ]


def _records(array: Any) -> list[dict[str, Any]]:
    names = array.dtype.names
    columns = [from_array(array[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _from_masked(array: Any) -> Any:
    """A masked array, its masked values None."""
    values = np.array(array.data, dtype=object)
    values[np.ma.getmaskarray(array)] = None
    return values.tolist()


def _from_item(scalar: Any) -> Any:
    return scalar.item()


def _from_scalar(scalar: Any) -> Any:
    return from_array(np.asarray(scalar))


def _from_void(scalar: Any) -> Any:
    names = scalar.dtype.names
    return {name: scalar[name] for name in names} if names else bytes(scalar)


CONVERTERS: dict[type, Converter] = (
    {}
    if np is None
    else {
        np.bool_: bool,
        np.integer: int,
        np.floating: float,
        np.complexfloating: reject,
        np.datetime64: _from_scalar,
        np.timedelta64: _from_scalar,
        np.void: _from_void,
        np.dtype: str,
        np.generic: _from_item,
        np.ndarray: from_array,
        np.ma.MaskedArray: _from_masked,
    }
)
