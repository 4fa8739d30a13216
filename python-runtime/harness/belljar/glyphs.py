"""Characters that matplotlib's own fonts do not have: Chinese, Japanese and Korean ones.

The image has a font for them, of 5 MB. It is opened once a figure has such a text, and then
stands in wherever another font lacks a character; until then no figure is slower for it.
"""

from __future__ import annotations

import re
import sys
from typing import Any

_FONT = "fonts/ttf/wqy-microhei.ttc"

#: Radicals to ideographs, Hangul, compatibility ideographs, full-width forms, planes of rare ones.
_CHARACTERS = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)

#: The font as matplotlib names it, once it is needed.
_needed: list[Any] = []


def install() -> None:
    """Have matplotlib look into that font, too."""
    text: Any = sys.modules.get("matplotlib.text")
    if text is None:
        return
    import matplotlib
    from matplotlib import font_manager

    set_text = text.Text.set_text
    find = font_manager.FontManager._find_fonts_by_props
    font = font_manager.FontPath(f"{matplotlib.get_data_path()}/{_FONT}", 0)

    def set_text_and_look(self: Any, s: object) -> None:
        set_text(self, s)
        shown = self._text
        if not (_needed or shown.isascii()) and _CHARACTERS.search(shown):
            _needed.append(font)

    def find_more(
        self: Any, prop: Any, fontext: str = "ttf", *args: Any, **kwargs: Any
    ) -> list[Any]:
        found = find(self, prop, fontext, *args, **kwargs)
        return [*found, *_needed] if fontext == "ttf" else found

    set_text_and_look.__doc__, find_more.__doc__ = set_text.__doc__, find.__doc__
    set_text_and_look.__name__, find_more.__name__ = set_text.__name__, find.__name__
    text.Text.set_text = set_text_and_look
    font_manager.FontManager._find_fonts_by_props = find_more


def forget() -> None:
    """As a fresh sandbox has it."""
    _needed.clear()
