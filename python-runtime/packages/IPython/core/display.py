"""Data that is shown as what it is: text, images, values of JSON, a bar.

The functions that show it are here, too, where scripts of old look for them.
"""

import base64
import html
import json
import uuid

from IPython.core import display_functions as _functions
from IPython.core.display_functions import *

__all__ = [
    *_functions.__all__,
    *"""
        DisplayObject TextDisplayObject Pretty HTML Markdown Math Latex SVG JSON GeoJSON Javascript Image ProgressBar
    """.split(),
]


class DisplayObject:
    """Data that is shown as what it is."""

    _read_flags = "r"
    metadata = None

    def __init__(self, data=None, url=None, filename=None, metadata=None):
        import pathlib

        if isinstance(data, (pathlib.Path, pathlib.PurePath)):
            data = str(data)
        if isinstance(data, str) and url is None and filename is None:
            if data.startswith(("http://", "https://")) and self._takes_urls:
                url, data = data, None
            elif self._takes_files and _is_file(data):
                filename, data = data, None
        self.url, self.filename, self.data = url, filename, data
        self.metadata = metadata or {}
        self.reload()
        self._check_data()

    _takes_urls = _takes_files = False

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__name__} object>"

    def _check_data(self):
        """Refuse what this cannot show."""

    def reload(self):
        """Read the data again, from a file or a URL."""
        if self.filename is not None:
            encoding = None if "b" in self._read_flags else "utf-8"
            with open(self.filename, self._read_flags, encoding=encoding) as file:
                self.data = file.read()
        elif self.url is not None:
            from urllib.request import urlopen

            with urlopen(self.url) as answer:
                data = answer.read()
                self.data = data if "b" in self._read_flags else data.decode("utf-8", "replace")

    def _with_metadata(self):
        return (self.data, dict(self.metadata)) if self.metadata else self.data


def _is_file(name):
    import os

    try:
        return os.path.isfile(name)
    except ValueError:
        return False


class TextDisplayObject(DisplayObject):
    """Text that is shown as what it is."""

    def _check_data(self):
        if self.data is not None and not isinstance(self.data, str):
            raise TypeError(f"{type(self).__name__} expects text, not {self.data!r}")


class Pretty(TextDisplayObject):
    """Plain text."""

    def __repr__(self):
        return self.data or ""


class HTML(TextDisplayObject):
    """HTML."""

    def _repr_html_(self):
        return self._with_metadata()

    def __html__(self):
        return self._repr_html_()


class Markdown(TextDisplayObject):
    """Markdown."""

    def _repr_markdown_(self):
        return self._with_metadata()


class Math(TextDisplayObject):
    """A formula in LaTeX, which is set as a display."""

    def _repr_latex_(self):
        return f"$\\displaystyle {self.data.strip('$')}$"


class Latex(TextDisplayObject):
    """LaTeX, as it is."""

    def _repr_latex_(self):
        return self._with_metadata()


class SVG(DisplayObject):
    """An image in SVG."""

    _read_flags = "rb"
    _takes_urls = _takes_files = True

    def _repr_svg_(self):
        data = self.data.decode("utf-8", "replace") if isinstance(self.data, bytes) else self.data
        start = (data or "").find("<svg")
        return data[start:] if start > 0 else data


class JSON(DisplayObject):
    """A value of JSON: a dict, a list, or text of JSON."""

    def __init__(self, data=None, url=None, filename=None, expanded=False, metadata=None, root="root", **kwargs):
        super().__init__(data, url, filename, {"expanded": expanded, "root": root, **(metadata or {}), **kwargs})

    def _check_data(self):
        if isinstance(self.data, (str, bytes)):
            self.data = json.loads(self.data)
        if self.data is not None and not isinstance(self.data, (dict, list)):
            raise TypeError(f"{type(self).__name__} expects a dict or a list, not {self.data!r}")

    def _repr_json_(self):
        return self._with_metadata()


class GeoJSON(JSON):
    """Places and shapes."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"application/geo+json": self.data, "text/plain": "<IPython.display.GeoJSON object>"}


class Javascript(TextDisplayObject):
    """JavaScript. Nothing runs it here: a client may."""

    def __init__(self, data=None, url=None, filename=None, lib=None, css=None):
        super().__init__(data, url, filename)
        self.lib, self.css = lib or [], css or []

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"application/javascript": self.data, "text/plain": repr(self)}


#: What an image begins with, by format.
_SIGNATURES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}


class Image(DisplayObject):
    """An image: PNG, JPEG, GIF or WebP, as bytes or in a file; of a URL, an element that refers to it."""

    _read_flags = "rb"
    _takes_urls = _takes_files = True
    _ACCEPTABLE_EMBEDDINGS = tuple(_SIGNATURES)

    def __init__(
        self,
        data=None,
        url=None,
        filename=None,
        format=None,
        embed=None,
        width=None,
        height=None,
        retina=False,
        unconfined=False,
        metadata=None,
        alt=None,
    ):
        is_address = isinstance(data, str) and data.startswith(("http://", "https://"))
        self.embed = embed if embed is not None else url is None and not is_address
        self.width, self.height, self.retina, self.alt = width, height, retina, alt
        if not self.embed:
            self.url, self.data, self.filename, self.metadata = url or data, None, None, metadata or {}
            self.format = format or "png"
            return
        if isinstance(data, str) and not is_address and not _is_file(data):
            raise FileNotFoundError(f"No such file or directory: {data!r}")
        super().__init__(data, url, filename, metadata)
        name = (self.filename or self.url or "").rsplit(".", 1)
        self.format = (format or self._sniffed() or (name[1] if len(name) > 1 else "png")).lower()
        self.format = {"jpg": "jpeg"}.get(self.format, self.format)
        if self.format not in self._ACCEPTABLE_EMBEDDINGS:
            raise ValueError(f"Cannot embed the {self.format!r} image format")

    def _check_data(self):
        if self.data is not None and not isinstance(self.data, (bytes, bytearray, memoryview)):
            raise TypeError(f"Image expects bytes, not {type(self.data).__name__}")

    def _sniffed(self):
        data = bytes(self.data or b"")
        return next((name for name, starts in _SIGNATURES.items() if data.startswith(starts)), None)

    def _repr_mimebundle_(self, include=None, exclude=None):
        if not self.embed:
            sizes = "".join(f' {name}="{value}"' for name, value in self._sizes() if value)
            return {"text/html": f'<img src="{html.escape(self.url)}"{sizes}/>', "text/plain": repr(self)}
        if self.width or self.height:
            source = f"data:image/{self.format};base64,{base64.b64encode(self.data).decode()}"
            sizes = "".join(f' {name}="{html.escape(str(value))}"' for name, value in self._sizes() if value)
            return {"text/html": f'<img src="{source}"{sizes}/>', "text/plain": self.alt or repr(self)}
        return {f"image/{self.format}": bytes(self.data), "text/plain": self.alt or repr(self)}

    def _sizes(self):
        return ("width", self.width), ("height", self.height), ("alt", self.alt)

    def _repr_png_(self):
        return bytes(self.data) if self.embed and self.format == "png" else None

    def _repr_jpeg_(self):
        return bytes(self.data) if self.embed and self.format == "jpeg" else None


class ProgressBar(DisplayObject):
    """How far something is."""

    def __init__(self, total):
        self.total, self._progress = total, 0
        self.html_width, self.text_width = "60ex", 60
        self._display_id = uuid.uuid4().hex

    def __repr__(self):
        done = int(self._progress / self.total * self.text_width) if self.total else 0
        return f"[{'=' * done:<{self.text_width}}] {self._progress}/{self.total}"

    def _repr_html_(self):
        return f"<progress style='width:{self.html_width}' max='{self.total}' value='{self._progress}'></progress>"

    def display(self):
        """Show it as it is now."""
        display(self)

    def update(self):
        """Show it only when it is full: an answer is no terminal."""
        if self._progress >= self.total:
            display(self)

    @property
    def progress(self):
        """How much is done."""
        return self._progress

    @progress.setter
    def progress(self, value):
        self._progress = value
        self.update()

    def __iter__(self):
        self._progress = -1
        return self

    def __next__(self):
        self.progress = self._progress + 1
        if self._progress < self.total:
            return self._progress
        raise StopIteration
