"""`display(...)`: what a script wants to be seen, beside what it returns and prints.

Every item leaves through the door at once, so that the host can pass it on while the script runs,
and keeps what was shown before a limit struck. The host counts for itself: the caps here spare a
script the work on what would be refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from struct import Struct
from typing import Any

from . import closing, convert, door, figures, glyphs, rich, wire

#: Items of one script. A notebook with more is not read, and figures are slow to draw.
ITEMS = 32
#: Bytes of one item, its words included, and of all of a script's items.
ITEM_BYTES = 2 << 20
BYTES = 4 << 20

#: The lengths of media type and words, which follow; the rest of the frame is the data.
_HEADER = Struct("<BI")

#: What is left of the items and the bytes. Without items nothing is displayed or even rendered.
_items_left = ITEMS
_bytes_left = BYTES
#: The `id` of every figure and image in the result, and whether it could be shown.
_returned: dict[int, bool] = {}
#: How objects of some types are drawn.
_drawn: dict[type, Callable[[Any], rich.Item]] = {}


def display(*objects: object, raw: bool = False) -> None:
    """Show objects in the richest form they have: a table, an image, a formula, or plain text.

    With `raw=True` each is a dict from media type to data: `{"text/html": "<b>x</b>"}`.
    """
    for thing in objects:
        if not _is_open():
            return
        figure = figures.item_of(thing)
        item = figure or (rich.of_bundle(thing) if raw else _item_of(thing))
        _send(*item)


def register(kind: type, draw: Callable[[Any], rich.Item]) -> None:
    """Show objects of a type in the way that a function draws them."""
    _drawn[kind] = draw


def _item_of(thing: object) -> rich.Item:
    for kind, draw in _drawn.items():
        if isinstance(thing, kind):
            return draw(thing)
    return rich.of(thing)


def returned(thing: Any) -> str:
    """What stands for a figure or an image in a script's result: it is displayed beside it."""
    figure = figures.of(thing)
    if figure is None:
        return stand_in(thing, f"Image: {thing.width} by {thing.height}", rich.of)
    words = figures.describe(figure)
    if figures.was_shown(figure) and id(figure) not in _returned:
        return f"{words} (displayed)"
    return stand_in(figure, words, figures.draw)


def stand_in(thing: object, words: str, draw: Callable[[Any], rich.Item]) -> str:
    """A text in place of something that is displayed, which says whether it could be."""
    if id(thing) not in _returned:
        # The result may be encoded twice.
        _returned[id(thing)] = _is_open() and _send(*draw(thing))
    return f"{words} ({'displayed' if _returned[id(thing)] else 'not displayed'})"


def turn_off() -> None:
    """Display nothing: the request doesn't want it."""
    global _items_left
    _items_left = -1


def reset() -> None:
    """As a fresh sandbox has it."""
    global _items_left, _bytes_left
    _items_left, _bytes_left = ITEMS, BYTES
    _returned.clear()
    figures.forget()
    glyphs.forget()


def show(figure: object) -> None:
    """Show a figure; drawing it may raise anything."""
    if _is_open():
        _send(*figures.draw(figure))


def close() -> None:
    """Show the figures that a script left open, at its end."""
    figures.show_open(show)


def _is_open() -> bool:
    """Whether another item can be shown; says so the first time that none can."""
    if _items_left > 0:
        return True
    if _items_left == 0:
        _leave_out(f"more than {ITEMS} items")
    return False


def _send(media_type: str, data: bytes, words: str | None) -> bool:
    """Send an item; False if it is too large."""
    global _items_left, _bytes_left
    kind = media_type.encode("ascii", "replace")[:255]
    alt = b"" if words is None else words.encode("utf-8", "replace")
    size = len(kind) + len(alt) + len(data)
    if size > ITEM_BYTES:
        _leave_out(f"{media_type} of {size:,} bytes, the limit for one item is {ITEM_BYTES:,}")
    elif size > _bytes_left:
        _leave_out(f"{media_type}, the limit for all items is {BYTES:,} bytes")
    else:
        _items_left -= 1
        _bytes_left -= size
        door.call(wire.DISPLAY + _HEADER.pack(len(kind), len(alt)) + kind + alt + data)
        return True
    return False


def _leave_out(what: str) -> None:
    """Say what is missing: to the host for its answer, and to the script's author."""
    global _items_left
    if _items_left == 0:
        _items_left = -1
    door.call(wire.DISPLAY_CUT)
    closing.write_error(f"display: left out {what}\n")


def install() -> None:
    """Make `display` a name every script knows, and figures go through it."""
    sys.modules["builtins"].display = display  # type: ignore[attr-defined]
    figures.install(show)
    convert.register(dict.fromkeys(figures.kinds(), returned))
