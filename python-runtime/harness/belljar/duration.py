"""Durations in ISO 8601, written exactly as pandas writes a `Timedelta`."""

from __future__ import annotations

from datetime import timedelta

_SECOND = 10**9
_DAY = 86_400 * _SECOND


def from_nanoseconds(nanoseconds: int) -> str:
    """`P1DT2H3M4.5S`; a negative duration has negative days and a positive rest."""
    days, rest = divmod(nanoseconds, _DAY)
    seconds, fraction = divmod(rest, _SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    decimals = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"P{days}DT{hours}H{minutes}M{seconds}{decimals}S"


def from_timedelta(value: timedelta) -> str:
    """The standard library's durations end at microseconds."""
    seconds = value.days * 86_400 + value.seconds
    return from_nanoseconds(seconds * _SECOND + value.microseconds * 1000)
