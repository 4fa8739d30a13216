"""TrueType fonts for Pillow, drawn by matplotlib's FreeType.

Pillow's own part for them (`PIL._imagingft`) is a C library that the interpreter is not linked
with, but matplotlib's is there. This is what Pillow asks of it: sizes, lengths and masks, with
kerning, strokes and anchors. Glyphs are FreeType's own, to the pixel where strokes are not asked
for; variations of fonts and vertical text are not there, and say so.

The fonts are those of matplotlib, by file name: `DejaVuSans.ttf`, `DejaVuSerif-Bold.ttf`, ...
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from io import BytesIO
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

_NAME = "PIL._imagingft"

#: Pillow counts pixels, and so does FreeType at this resolution.
_DOTS_PER_INCH = 72

_FIXED = 64  # FreeType counts in 64ths of a pixel.


def change_fonts(module: Any) -> None:
    """`PIL.ImageFont`: it finds the library that it wants."""
    if type(module.core) is not ModuleType:
        module.core = library()


def library() -> ModuleType:
    """What stands for Pillow's own library."""
    module = ModuleType(_NAME, __doc__)
    core: Any = module
    core.__spec__ = ModuleSpec(_NAME, None)
    core.Font, core.getfont = Font, open_font
    core.HAVE_RAQM = core.HAVE_FRIBIDI = core.HAVE_HARFBUZZ = False
    core.raqm_version = core.fribidi_version = core.harfbuzz_version = None
    from matplotlib.ft2font import __freetype_version__

    core.freetype2_version = __freetype_version__
    sys.modules[_NAME] = module
    return module


def open_font(
    filename: str | bytes,
    size: float,
    index: int = 0,
    encoding: str = "",
    font_bytes: bytes | None = None,
    layout_engine: int = 0,
) -> Font:
    """A font from a file or from its bytes; as FreeType says it, what is none cannot be opened."""
    from matplotlib.ft2font import FT2Font

    file: Any = BytesIO(font_bytes) if font_bytes else _path_of(os.fsdecode(filename))
    try:
        return Font(FT2Font(file, face_index=index), size)
    except (OSError, RuntimeError, ValueError) as error:
        raise OSError("unknown file format" if font_bytes else "cannot open resource") from error


def _path_of(name: str) -> str:
    """The path of a font: as it is, or of matplotlib's with that file name."""
    if os.path.isfile(name):
        return name
    import matplotlib

    stem, extension = os.path.splitext(os.path.basename(name))
    path = f"{matplotlib.get_data_path()}/fonts/ttf/{stem}{extension or '.ttf'}"
    if not os.path.isfile(path):
        raise OSError("cannot open resource")
    return path


class _Ink(NamedTuple):
    """A text's pixels, and where they are, counted from where the text begins on its baseline."""

    pixels: Any
    left: int
    top: int
    advance: int


class Font:
    """One font in one size."""

    def __init__(self, face: Any, size: float) -> None:
        self._face = face
        face.set_size(size, _DOTS_PER_INCH)
        scale = size / (face.units_per_EM or 1)
        self.family, self.style = face.family_name or None, face.style_name or None
        self.ascent = math.ceil(face.ascender * scale)
        self.descent = math.ceil(-face.descender * scale)
        self.height = math.ceil(face.height * scale)
        self.x_ppem = self.y_ppem = round(size)
        self.glyphs = face.num_glyphs

    def getlength(
        self,
        text: str | bytes,
        mode: str = "",
        direction: Any = None,
        features: Any = None,
        language: Any = None,
    ) -> float:
        """How far a text reaches, in 64ths of a pixel."""
        _horizontal(direction)
        return self._set(text, mode)

    def getsize(
        self,
        text: str | bytes,
        mode: str = "",
        direction: Any = None,
        features: Any = None,
        language: Any = None,
        anchor: str | None = None,
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """The size of a text's box, and where its corner is from the anchor."""
        _horizontal(direction)
        ink = self._ink(text, mode)
        left, right, top, bottom = _box(ink)
        across, up = self._anchor(anchor, ink, top, bottom)
        if not text:
            return (0, 0), (0, 0)
        return (right - left, top - bottom), (left - across, up - top)

    def render(
        self,
        text: str | bytes,
        fill: Callable[[int, int], Any],
        mode: str,
        direction: Any,
        features: Any,
        language: Any,
        stroke_width: float,
        stroke_filled: bool,
        anchor: str | None,
        ink_number: int,
        start: tuple[float, float],
    ) -> tuple[Any, tuple[int, int]]:
        """A text's mask, or in mode RGBA its image, and where its corner is from the anchor."""
        import numpy as np
        from PIL import Image

        _horizontal(direction)
        ink = self._ink(text, mode)
        left, right, top, bottom = _box(ink)
        across, up = self._anchor(anchor, ink, top, bottom)
        margin = math.ceil(stroke_width)
        width, height = right - left + 2 * margin, top - bottom + 2 * margin
        fill(width, height)  # Refuses what is too large.
        mask = np.zeros((height, width), np.uint8)
        if ink.pixels.size:
            row, column = top - ink.top + margin, ink.left - left + margin
            rows, columns = ink.pixels.shape
            mask[row : row + rows, column : column + columns] = ink.pixels
        if stroke_width:
            wide = _widened(mask, stroke_width)
            mask = wide if stroke_filled else np.where(mask > 0, np.maximum(wide, mask), wide)
        image = Image.frombytes("L", (width, height), mask.tobytes())
        if mode == "RGBA":
            parts = (ink_number & 0xFFFFFFFF).to_bytes(4, "little")
            bands = [Image.new("L", image.size, parts[n]) for n in range(3)]
            image = Image.merge("RGBA", [*bands, image])
        return image.im, (left - across - margin, up - top - margin)

    def _set(self, text: str | bytes, mode: str) -> int:
        """Lay a text out; gives how far it reaches."""
        from matplotlib.ft2font import LoadFlags

        flags = LoadFlags.TARGET_MONO if mode == "1" else LoadFlags.DEFAULT
        text = text.decode("utf-8", "replace") if isinstance(text, (bytes, bytearray)) else text
        self._face.set_text(text, 0.0, flags=flags)
        return self._face.get_width_height()[0] if text else 0

    def _ink(self, text: str | bytes, mode: str) -> _Ink:
        import numpy as np

        advance = round(self._set(text, mode) / _FIXED)
        face = self._face
        if not text:
            return _Ink(np.zeros((0, 0), np.uint8), 0, 0, 0)
        above = (face.get_width_height()[1] - face.get_descent()) // _FIXED
        begin = face.get_bitmap_offset()[0] // _FIXED
        face.draw_glyphs_to_bitmap(antialiased=mode != "1")
        pixels = np.array(face.get_image(), np.uint8)
        if mode == "1":
            pixels = np.where(pixels > 0, 255, 0).astype(np.uint8)
        rows, columns = pixels.any(axis=1).nonzero()[0], pixels.any(axis=0).nonzero()[0]
        if not len(rows):
            return _Ink(np.zeros((0, 0), np.uint8), 0, 0, advance)
        pixels = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        # The bitmap has one row more above.
        return _Ink(pixels, int(begin + columns[0]), int(above + 1 - rows[0]), advance)

    def _anchor(self, anchor: str | None, ink: _Ink, top: int, bottom: int) -> tuple[int, int]:
        """How far the anchor is to the right of where a text begins, and above its baseline."""
        across, up = list(anchor or "la")
        horizontal = {"l": 0, "m": (ink.advance + 1) // 2, "r": ink.advance}
        vertical = {
            **{"a": self.ascent, "t": top, "m": (self.ascent - self.descent) // 2},
            **{"s": 0, "b": bottom, "d": -self.descent},
        }
        if across not in horizontal or up not in vertical:
            raise ValueError(f"bad anchor specified: {anchor}")
        return horizontal[across], vertical[up]

    def _refuse(self, *_: object) -> NoReturn:
        raise NotImplementedError("variations of fonts are not there in the sandbox")

    getvarnames = getvaraxes = setvarname = setvaraxes = _refuse


def _horizontal(direction: str | None) -> None:
    if direction not in (None, "ltr"):
        raise KeyError(
            "setting text direction, language or font features is not supported without libraqm"
        )


def _box(ink: _Ink) -> tuple[int, int, int, int]:
    """Left, right, top and bottom: of the pixels, and from where to where the text reaches."""
    rows, columns = ink.pixels.shape
    return min(0, ink.left), max(ink.advance, ink.left + columns), ink.top, ink.top - rows


def _widened(mask: Any, by: float) -> Any:
    """A mask made wider all around."""
    import numpy as np

    reach, wide = math.ceil(by), mask.copy()
    rows, columns = mask.shape
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            share = min(1.0, max(0.0, by + 1 - math.hypot(down, right)))
            if not share:
                continue
            target = wide[
                max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)
            ]
            source = mask[
                max(-down, 0) : rows + min(-down, 0), max(-right, 0) : columns + min(-right, 0)
            ]
            np.maximum(target, (source * share).astype(np.uint8), out=target)
    return wide
