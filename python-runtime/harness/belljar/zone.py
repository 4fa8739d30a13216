"""The time zone of the variable `TZ`, where the C library knows only UTC.

While it is set to another zone, the functions of `time` and the classes of `datetime` are replaced
by ones that know it; all others go without. What is compiled in C, like pandas' `Timestamp.now()`,
keeps to UTC: it takes a zone as its argument.
"""

from __future__ import annotations

import calendar
import datetime
import logging
import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

_zone: Any = None
_real_datetime = datetime.datetime
_real_date = datetime.date
_real_time = {
    name: getattr(time, name)
    for name in ("localtime", "mktime", "strftime", "ctime", "asctime", "tzname")
}
_real_time.update({name: getattr(time, name) for name in ("timezone", "altzone", "daylight")})


class _Function:
    """A function that does not become a method: `logging` keeps one in a class."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__name__ = self.__qualname__ = function.__name__.lstrip("_")
        self.__doc__ = _real_time[self.__name__].__doc__

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)


def _localtime(seconds: float | None = None, /) -> time.struct_time:
    moment = _real_datetime.fromtimestamp(
        int(time.time() if seconds is None else seconds // 1), _zone
    )
    offset, is_summer = moment.utcoffset(), bool(moment.dst())
    seconds_east = offset and int(offset.total_seconds())
    return time.struct_time((*moment.timetuple()[:8], is_summer, moment.tzname(), seconds_east))


def _mktime(fields: Any, /) -> float:
    as_utc = calendar.timegm(tuple(fields))
    naive = _real_datetime.fromtimestamp(as_utc, datetime.UTC).replace(tzinfo=None)
    # Where a time comes twice, the first is summer time.
    return naive.replace(tzinfo=_zone, fold=fields[8] == 0).timestamp()


def _strftime(form: str, fields: Any = None, /) -> str:
    text: str = _real_time["strftime"](form, _localtime() if fields is None else fields)
    return text


def _ctime(seconds: float | None = None, /) -> str:
    text: str = _real_time["asctime"](_localtime(seconds))
    return text


def _asctime(fields: Any = None, /) -> str:
    text: str = _real_time["asctime"](_localtime() if fields is None else fields)
    return text


_functions = {
    function.__name__.lstrip("_"): _Function(function)
    for function in (_localtime, _mktime, _strftime, _ctime, _asctime)
}


class _Standing(type):
    """The type of a class that stands for another: instances of one are instances of both."""

    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, cls.__base__)  # type: ignore[arg-type]

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, cls.__base__)  # type: ignore[arg-type]


class _Datetime(_real_datetime, metaclass=_Standing):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        moment = super().now(tz or _zone)
        return moment if tz else moment.replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        return cls.now()

    @classmethod
    def fromtimestamp(cls, timestamp: float, tz: Any = None) -> Any:
        moment = super().fromtimestamp(timestamp, tz or _zone)
        return moment if tz else moment.replace(tzinfo=None)

    def timestamp(self) -> float:
        return (self if self.tzinfo else self.replace(tzinfo=_zone))._real_timestamp()

    def _real_timestamp(self) -> float:
        return super().timestamp()

    def astimezone(self, tz: Any = None) -> Any:
        aware = self if self.tzinfo else self.replace(tzinfo=_zone)
        moment = _real_datetime.astimezone(aware, tz or _zone)
        if tz is None:
            fixed = datetime.timezone(moment.utcoffset(), moment.tzname())  # type: ignore[arg-type]
            moment = moment.replace(tzinfo=fixed)
        return moment


class _Date(_real_date, metaclass=_Standing):
    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(time.time())

    @classmethod
    def fromtimestamp(cls, timestamp: float, /) -> Any:
        moment = _real_datetime.fromtimestamp(timestamp, _zone)
        return cls(moment.year, moment.month, moment.day)


for _kind, _name in ((_Datetime, "datetime"), (_Date, "date")):
    _kind.__name__, _kind.__qualname__, _kind.__module__ = f"datetime.{_name}", _name, "datetime"


def tzset() -> None:
    """Take the zone of the environment: `time.tzset`."""
    global _zone
    _zone = _of(os.environ.get("TZ", "").removeprefix(":"))
    if _zone is None:
        vars(time).update(_real_time)
        vars(datetime).update(datetime=_real_datetime, date=_real_date)
        logging.Formatter.converter = _real_time["localtime"]
        return
    vars(time).update(_functions, **_names())
    vars(datetime).update(datetime=_Datetime, date=_Date)
    logging.Formatter.converter = _functions["localtime"]


def _names() -> dict[str, Any]:
    """`tzname`, `timezone`, `altzone` and `daylight` of the zone, as they are this year."""
    year = time.gmtime().tm_year
    moments = [_real_datetime(year, month, 1, tzinfo=_zone) for month in (1, 7)]
    standard, summer = sorted(moments, key=lambda moment: bool(moment.dst()))
    offsets = [-int(moment.utcoffset().total_seconds()) for moment in (standard, summer)]  # type: ignore[union-attr]
    return {
        "tzname": (standard.tzname(), summer.tzname()),
        "timezone": offsets[0],
        "altzone": offsets[1],
        "daylight": int(bool(summer.dst())),
    }


def _of(name: str) -> Any:
    """The zone of a name, or of a rule like `CET-1CEST,M3.5.0,M10.5.0/3`; UTC for what is neither,
    as the C library has it.
    """
    if name in ("", "UTC", "UTC0"):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        pass
    try:
        return ZoneInfo.from_file(BytesIO(_file_of(name)), name)
    except Exception:
        return None


def _file_of(rule: str) -> bytes:
    """A time zone file (RFC 9636) that has nothing but a rule."""
    counts = b"".join(number.to_bytes(4, "big") for number in (0, 0, 0, 0, 1, 4))
    block = b"TZif2" + bytes(15) + counts + bytes(6) + b"UTC\0"
    return block + block + b"\n" + rule.encode() + b"\n"


def install() -> None:
    """Give `time` what it lacks."""
    vars(time)["tzset"] = tzset
