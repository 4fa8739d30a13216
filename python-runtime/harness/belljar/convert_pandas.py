"""Conversions of pandas' tables, columns and scalars, whole columns at a time.

pandas is used if it was loaded before this package, and never imported.
"""

from __future__ import annotations

import sys
from typing import Any

from .convert import Converter
from .convert_numpy import from_array, np
from .keys import key_text
from .unsupported import Unsupported

pd: Any = sys.modules.get("pandas")


def _from_column(column: Any) -> Any:
    """The values of a Series, an Index or an extension array; what is missing is None."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return from_array(np.asarray(column))
    values = np.array(column, dtype=object)
    values[pd.isna(values)] = None
    return values.tolist()


def _from_frame(frame: Any) -> list[dict[str, Any]]:
    """A list of records, one object a row. The index is left out: `reset_index()` keeps it."""
    columns: dict[str, list[Any]] = {}
    for label, column in frame.items():
        name = _column_name(label)
        if name in columns:
            raise Unsupported(f"DataFrame with two columns named {name!r} has no form as records")
        columns[name] = _from_column(column)
    if not columns:
        return [{} for _ in range(len(frame))]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _column_name(label: object) -> str:
    """As a dictionary key where that works, else (a level of a MultiIndex) as text."""
    try:
        return key_text(label)
    except Unsupported:
        return str(label)


def _nothing(value: object) -> None:
    """Not a time, not available."""


def _iso(value: Any) -> Any:
    return value.isoformat()


CONVERTERS: dict[type, Converter] = (
    {}
    if pd is None
    else {
        pd.DataFrame: _from_frame,
        pd.Series: _from_column,
        pd.Index: _from_column,
        pd.api.extensions.ExtensionArray: _from_column,
        type(pd.NaT): _nothing,
        type(pd.NA): _nothing,
        pd.Timestamp: _iso,
        pd.Timedelta: _iso,
        pd.Period: str,
        pd.Interval: str,
    }
)
