"""The richest form an object has, by the conventions of notebooks.

An object says how it looks with `_repr_html_` and its like. Such a method may raise, or return
anything: what can't be used is passed over with a word on stderr, and plain text is always left.
"""

from __future__ import annotations

import sys
from base64 import b64decode
from typing import Any

from . import closing, encoder

#: Media type, its data, and the same in words.
Item = tuple[str, bytes, str | None]

_PLAIN = "text/plain"

#: The media types an item can have, the richest first, with the method that gives each.
_METHODS = (
    ("text/html", "_repr_html_"),
    ("image/svg+xml", "_repr_svg_"),
    ("image/png", "_repr_png_"),
    ("image/jpeg", "_repr_jpeg_"),
    ("text/latex", "_repr_latex_"),
    ("text/markdown", "_repr_markdown_"),
    ("application/json", "_repr_json_"),
)
_RANK = [media_type for media_type, _ in _METHODS]
_BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp")

#: Words beside something better: enough to tell what it is.
_WORDS = 2000
#: Plain text that stands for itself.
_TEXT = 200_000

_pandas: Any = sys.modules.get("pandas")


def of(thing: object) -> Item:
    """The item for an object."""
    if type(thing) is str:
        return _PLAIN, _cut(thing, _TEXT).encode("utf-8", "replace"), None
    if _pandas is not None and isinstance(thing, _pandas.Series):
        # A column looks like a table of one column, and has no form of its own.
        words, thing = _text(thing), thing.to_frame()
    else:
        words = None
    kind = type(thing)
    # Looked up on the type, as Python does for its own special methods: a mock that has every
    # attribute, or a class that has them for its instances, is nothing to be displayed richly.
    bundle = _ask(thing, kind, "_repr_mimebundle_")
    if isinstance(bundle, dict) and bundle:
        return of_bundle(bundle, words or _text(thing))
    for media_type, name in _METHODS:
        value = _ask(thing, kind, name)
        data = None if value is None else _data(media_type, value, f"{name} of {kind.__name__}")
        if data is not None:
            return media_type, data, _cut(words or _text(thing), _WORDS)
    return _PLAIN, _cut(_text(thing), _TEXT).encode("utf-8", "replace"), None


def of_bundle(bundle: object, words: str | None = None) -> Item:
    """The item for a dict from media type to data."""
    if not isinstance(bundle, dict):
        raise TypeError(f"display(..., raw=True) takes dicts, not {type(bundle).__name__}")
    plain = bundle.get(_PLAIN)
    if isinstance(plain, str):
        words = plain
    known = [name for name in _RANK if name in bundle]
    others = [
        name for name in bundle if isinstance(name, str) and name not in _RANK and name != _PLAIN
    ]
    for media_type in known + others:
        data = _data(media_type, bundle[media_type], media_type)
        if data is not None:
            return media_type, data, None if words is None else _cut(words, _WORDS)
    return _PLAIN, _cut(words or "", _TEXT).encode("utf-8", "replace"), None


def _ask(thing: object, kind: type, name: str) -> Any:
    """What one of an object's methods says; None if it has nothing to say."""
    method = getattr(kind, name, None)
    if method is None:
        return None
    try:
        value = method(thing)
    except Exception as error:
        closing.write_error(f"display: {name} of {kind.__name__} raised {_text(error)}\n")
        return None
    # Some give (data, metadata).
    return value[0] if type(value) is tuple and len(value) == 2 else value


def _data(media_type: str, value: object, whose: str) -> bytes | None:
    """The bytes of an item, or None if the value is not what its type calls for."""
    if media_type in _BINARY:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return bytes(value)
        if isinstance(value, str):
            try:
                return b64decode(value, validate=False)
            except ValueError:
                pass
    elif media_type == "application/json" or media_type.endswith("+json"):
        return encoder.encode(value)
    elif isinstance(value, str):
        return value.encode("utf-8", "replace")
    closing.write_error(f"display: {whose} gave {type(value).__name__}, which is no {media_type}\n")
    return None


def _text(thing: object) -> str:
    """What `repr` says, whatever happens on the way."""
    try:
        return repr(thing)
    except Exception as error:
        return f"<{type(thing).__name__} whose repr raised {type(error).__name__}>"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
