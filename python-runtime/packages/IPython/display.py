"""What notebooks show things with; here each becomes an item of the answer's `display`.

The names and what they do are those of IPython. Three things a sandbox cannot: what was shown cannot be
changed (`update` shows it anew), nothing is fetched, and nothing is read from files that are not there.
"""

import base64
import builtins
import html
import json
import mimetypes
import urllib.parse
import uuid

__all__ = """
    display display_html display_json display_javascript display_jpeg display_latex display_markdown
    display_pdf display_png display_pretty display_svg publish_display_data update_display clear_output
    DisplayHandle DisplayObject TextDisplayObject Pretty HTML Markdown Math Latex SVG JSON GeoJSON
    Javascript Image Audio Video IFrame YouTubeVideo ScribdDocument VimeoVideo FileLink FileLinks Code
    ProgressBar set_matplotlib_formats set_matplotlib_close
""".split()

_show = builtins.display


class DisplayHandle:
    """Names something that was shown; showing it again under that name gives another item."""

    def __init__(self, display_id=None):
        self.display_id = display_id or uuid.uuid4().hex

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"

    def display(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)


def display(
    *objs, include=None, exclude=None, metadata=None, transient=None, display_id=None, raw=False, clear=False, **kwargs
):
    """Show objects in the richest form they have; with `raw=True`, dicts from media type to data."""
    for obj in objs:
        if include or exclude:
            bundle = obj if raw else _bundle(obj)
            kept = {
                kind: data
                for kind, data in bundle.items()
                if (not include or kind in include) and not (exclude and kind in exclude)
            }
            _show(kept or {"text/plain": repr(obj)}, raw=True)
        else:
            _show(obj, raw=raw)
    if display_id is True:
        return DisplayHandle()
    return DisplayHandle(display_id) if display_id else None


def update_display(obj, *, display_id, **kwargs):
    """Show an object anew: what was shown before stays."""
    display(obj, display_id=display_id, **kwargs)


def publish_display_data(data, metadata=None, *, transient=None, **kwargs):
    """Show a dict from media type to data."""
    _show(data, raw=True)


def clear_output(wait=False):
    """Clear what was shown: an answer only grows, so nothing happens."""


_FORMS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/latex": "_repr_latex_",
    "application/json": "_repr_json_",
    "application/javascript": "_repr_javascript_",
    "application/pdf": "_repr_pdf_",
}


def _bundle(obj):
    """An object in every form that it has."""
    bundle = {"text/plain": repr(obj)}
    method = getattr(type(obj), "_repr_mimebundle_")
    if method is not None:
        found = method(obj)
        bundle.update(found[0] if isinstance(found, tuple) else found or {})
    for kind, name in _FORMS.items():
        method = getattr(type(obj), name)
        found = method(obj) if method is not None else None
        if found is not None:
            bundle.setdefault(kind, found[0] if isinstance(found, tuple) else found)
    return bundle


def _displayer(name, kind):
    """The function that shows objects in one form, or with `raw=True` text of that form."""

    def show(*objs, raw=False, metadata=None, **kwargs):
        for obj in objs:
            data = obj if raw else _bundle(obj).get(kind)
            if data is not None:
                _show({kind: data}, raw=True)

    show.__name__ = show.__qualname__ = name
    show.__doc__ = f"Show objects as {kind}."
    return show


display_html = _displayer("display_html", "text/html")
display_markdown = _displayer("display_markdown", "text/markdown")
display_svg = _displayer("display_svg", "image/svg+xml")
display_png = _displayer("display_png", "image/png")
display_jpeg = _displayer("display_jpeg", "image/jpeg")
display_latex = _displayer("display_latex", "text/latex")
display_json = _displayer("display_json", "application/json")
display_javascript = _displayer("display_javascript", "application/javascript")
display_pdf = _displayer("display_pdf", "application/pdf")
display_pretty = _displayer("display_pretty", "text/plain")


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
        return next((name for name, starts in _SIGNATURES.items() if data.startswith(starts)))

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


class _Media(DisplayObject):
    """Sound or video, which HTML plays."""

    _read_flags = "rb"
    _takes_urls = _takes_files = True
    _element = ""

    def __init__(self, data, mimetype, attributes):
        self._attributes = attributes
        is_address = isinstance(data, str) and data.startswith(("http://", "https://"))
        self._source = data if is_address else None
        super().__init__(None if is_address else data)
        guessed = mimetypes.guess_type(self._source or self.filename or "")[0]
        self.mimetype = mimetype or guessed or self._default_type

    def _repr_html_(self):
        data = self.data if isinstance(self.data, bytes) else (self.data or "").encode()
        source = self._source or f"data:{self.mimetype};base64,{base64.b64encode(data).decode()}"
        kind = html.escape(self.mimetype)
        return (
            f"<{self._element} {self._attributes}>"
            f'<source src="{html.escape(source)}" type="{kind}" /></{self._element}>'
        )


class Audio(_Media):
    """Sound: bytes of a file, or numbers with their `rate`, of which a WAV is made."""

    _element, _default_type = "audio", "audio/wav"

    def __init__(
        self, data=None, filename=None, url=None, embed=None, rate=None, autoplay=False, normalize=True, *, element_id=None
    ):
        data = filename or url if data is None else data
        kind = None
        if data is not None and not isinstance(data, (str, bytes)):
            if rate is None:
                raise ValueError("rate must be specified when data is a numpy array or list of audio samples.")
            data, kind = _wav(data, rate, normalize), "audio/wav"
        self.autoplay, self.element_id = autoplay, element_id
        super().__init__(data, kind, 'controls="controls"' + (' autoplay="autoplay"' if autoplay else ""))


def _wav(samples, rate, normalize):
    """Numbers between -1 and 1, in one channel or a list of them, as a file."""
    import io
    import wave

    import numpy as np

    samples = np.atleast_2d(np.asarray(samples, dtype=float))
    loudest = np.max(np.abs(samples)) if samples.size else 0
    if not normalize and loudest > 1:
        raise ValueError("Audio data must be between -1 and 1 when normalize=False.")
    scale = (loudest or 1) if normalize else 1
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[0])
        writer.setframerate(rate)
        writer.setsampwidth(2)
        writer.writeframes((samples / scale * 32767).T.astype("<i2").tobytes())
    return file.getvalue()


class Video(_Media):
    """Video: bytes of a file, or a URL."""

    _element, _default_type = "video", "video/mp4"

    def __init__(
        self, data=None, url=None, filename=None, embed=False, mimetype=None, width=None, height=None, html_attributes="controls"
    ):
        sizes = "".join(f' {name}="{value}"' for name, value in (("width", width), ("height", height)) if value)
        super().__init__(url or filename or data, mimetype, f"{html_attributes}{sizes}")


class IFrame:
    """Another page, in a frame."""

    def __init__(self, src, width, height, extras=None, **kwargs):
        self.src, self.width, self.height = src, width, height
        self.extras, self.params = extras or [], kwargs

    def _repr_html_(self):
        query = f"?{urllib.parse.urlencode(self.params)}" if self.params else ""
        extras = " ".join(self.extras)
        return (
            f'<iframe width="{self.width}" height="{self.height}" src="{html.escape(self.src + query)}" '
            f'frameborder="0" allowfullscreen {extras}></iframe>'
        )


class YouTubeVideo(IFrame):
    """A video of YouTube, by its id."""

    def __init__(self, id, width=400, height=300, allow_autoplay=False, **kwargs):
        self.id = id
        super().__init__(f"https://www.youtube.com/embed/{id}", width, height, **kwargs)


class VimeoVideo(IFrame):
    """A video of Vimeo, by its id."""

    def __init__(self, id, width=400, height=300, **kwargs):
        self.id = id
        super().__init__(f"https://player.vimeo.com/video/{id}", width, height, **kwargs)


class ScribdDocument(IFrame):
    """A document of Scribd, by its id."""

    def __init__(self, id, width=400, height=300, **kwargs):
        self.id = id
        super().__init__(f"https://www.scribd.com/embeds/{id}/content", width, height, **kwargs)


class FileLink:
    """A link to a file."""

    def __init__(self, path, url_prefix="", result_html_prefix="", result_html_suffix="<br>"):
        self.path, self.url_prefix = str(path), url_prefix
        self._prefix, self._suffix = result_html_prefix, result_html_suffix

    def _repr_html_(self):
        address = html.escape(self.url_prefix + urllib.parse.quote(self.path))
        return f"{self._prefix}<a href='{address}' target='_blank'>{html.escape(self.path)}</a>{self._suffix}"

    def __repr__(self):
        return self.path


class FileLinks(FileLink):
    """A link to a folder."""


class Code(TextDisplayObject):
    """Source text, coloured."""

    _takes_files = True

    def __init__(self, data=None, url=None, filename=None, language=None):
        self.language = language
        super().__init__(data, url, filename)

    def _repr_html_(self):
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name, guess_lexer

        lexer = get_lexer_by_name(self.language) if self.language else guess_lexer(self.data)
        style = HtmlFormatter()
        return f"<style>{style.get_style_defs('.highlight')}</style>{highlight(self.data, lexer, style)}"

    def __repr__(self):
        return self.data or ""


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


def set_matplotlib_formats(*formats, **kwargs):
    """Choose what figures are displayed as: the first of PNG and SVG."""
    import matplotlib

    wanted = [name for name in formats if name in ("png", "svg")]
    if wanted:
        matplotlib.rcParams["savefig.format"] = wanted[0]


def set_matplotlib_close(close=True):
    """Whether figures are closed after they were shown: they are."""
