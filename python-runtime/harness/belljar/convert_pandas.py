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


def _from_series(series: Any) -> Any:
    """The values of a Series, under their labels unless these only count from zero.

    Labels that are different texts are the keys of an object; otherwise every value goes beside
    its label.
    """
    values = _from_column(series)
    if _counts(series.index):
        return values
    labels = _from_column(series.index)
    try:
        labelled = dict(zip(map(key_text, labels), values, strict=True))
    except Unsupported:
        labelled = {}
    if len(labelled) == len(values):
        return labelled
    return [{"index": label, "value": value} for label, value in zip(labels, values, strict=True)]


def _from_frame(frame: Any) -> list[dict[str, Any]]:
    """A list of records, one object a row, which begin with the row's labels unless these only
    count from zero.
    """
    columns: dict[str, list[Any]] = {}
    if not _counts(frame.index):
        columns.update(_index_columns(frame))
    levels = dict(columns)
    for label, column in frame.items():
        name, values = _column_name(label), _from_column(column)
        # A column that is the index, too, is what `set_index(..., drop=False)` leaves.
        if name in columns and levels.pop(name, None) != values:
            raise Unsupported(f"DataFrame with two columns named {name!r} has no form as records")
        columns[name] = values
    if not columns:
        return [{} for _ in range(len(frame))]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _counts(index: Any) -> bool:
    """Whether labels are those that pandas gives where nobody gave any: 0, 1, 2 and so on."""
    return (
        type(index) is pd.RangeIndex and index.start == 0 and index.step == 1 and index.name is None
    )


def _index_columns(frame: Any) -> dict[str, list[Any]]:
    """The levels of a frame's index as columns, named as `reset_index()` names them."""
    index = frame.index
    if index.nlevels > 1:
        unnamed = [f"level_{level}" for level in range(index.nlevels)]
    else:
        unnamed = ["level_0" if "index" in frame.columns else "index"]
    names = [
        default if name is None else _column_name(name)
        for name, default in zip(index.names, unnamed, strict=True)
    ]
    levels = [index] if index.nlevels == 1 else map(index.get_level_values, range(index.nlevels))
    columns = dict(zip(names, map(_from_column, levels), strict=True))
    if len(columns) < len(names):
        raise Unsupported("DataFrame with index levels of the same name has no form as records")
    return columns


def _column_name(label: object) -> str:
    """As a dictionary key where that works; the levels of a MultiIndex joined; else as text."""
    if isinstance(label, tuple):
        return "_".join(filter(None, map(_column_name, label)))
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
        pd.Series: _from_series,
        pd.Index: _from_column,
        pd.api.extensions.ExtensionArray: _from_column,
        type(pd.NaT): _nothing,
        type(pd.NA): _nothing,
        pd.Timestamp: _iso,
        pd.Timedelta: _iso,
        pd.Period: str,
        pd.api.extensions.ExtensionDtype: str,
        pd.Interval: str,
    }
)
