"""The frames that cross the sandbox's door: one request in, one answer out."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

VERSION = 1

FUNCTION = 0
PROGRAM = 1

SEEDED = 1
HAS_INPUT = 2
HAS_OPTIONS = 4
NO_DISPLAY = 8

#: version, mode, flags, reserved, seed, and the lengths of script, input and options,
#: whose bytes follow in that order.
HEADER = Struct("<BBBBQIII")
_HEADER_SIZE = HEADER.size
_unpack_header = HEADER.unpack_from

#: The first byte of an answer says what the rest is.
VALUE = b"\x01"
FAULT = b"\x02"
EXITED = b"\x03"

#: Beside the answer, and before it: an item to be seen, and word that there were more.
DISPLAY = b"\x04"
DISPLAY_CUT = b"\x05"


class Request(NamedTuple):
    """What the host asks for. Input and options are JSON text, or None where there is none."""

    mode: int
    seed: int | None
    script: bytes
    input: bytes | None
    options: bytes | None
    display: bool


class MalformedRequest(Exception):
    """The host and this package disagree about the frame: a bug, never the script's doing."""


def parse(frame: bytes) -> Request:
    """Read a request frame."""
    if len(frame) < _HEADER_SIZE:
        raise MalformedRequest(f"{len(frame)} bytes are no request frame")
    version, mode, flags, _, seed, script_size, input_size, options_size = _unpack_header(frame)
    if version != VERSION:
        raise MalformedRequest(f"protocol version {version}, expected {VERSION}")
    input_start = _HEADER_SIZE + script_size
    options_start = input_start + input_size
    if len(frame) != options_start + options_size:
        raise MalformedRequest("the lengths in the header do not add up to the frame's")
    return Request(
        mode,
        seed if flags & SEEDED else None,
        frame[_HEADER_SIZE:input_start],
        frame[input_start:options_start] if flags & HAS_INPUT else None,
        frame[options_start:] if flags & HAS_OPTIONS else None,
        not flags & NO_DISPLAY,
    )
