"""Figures that move or answer: animations of matplotlib, and those of plotly.

An animation is an item of HTML that plays its frames. A plotly figure is an item of plotly's own
media type, for a client that has plotly.js: an HTML page that shows it without a network has 5 MB
of that.
"""

from __future__ import annotations

from io import StringIO
from typing import Any
from weakref import ref

from . import convert, display, figures, rich

#: Most bytes of an animation's frames, in the form they have in its page, in MB as matplotlib
#: counts: with the page itself just below what an item may have. Frames beyond are dropped, and
#: it says so.
_EMBED_LIMIT_MB = 1.9


def change_renderers(module: Any) -> None:
    """`plotly.io._renderers`: figures are shown as items, whatever renderer is asked for."""
    mimetype = module.renderers["plotly_mimetype"]
    validate_figure = module.validate_coerce_fig_to_dict

    def show(fig: Any, renderer: str | None = None, validate: bool = True, **kwargs: Any) -> None:
        figure = validate_figure(fig, validate)
        display.display(_bundle(mimetype, figure, kwargs.get("config")), raw=True)

    show.__doc__ = module.show.__doc__
    module.show = show
    module.renderers.default = "plotly_mimetype"


def _bundle(mimetype: Any, figure: dict[str, Any], config: Any) -> dict[str, Any]:
    """A figure, given as a dict, in plotly's media type and in words."""
    if config:
        figure = {**figure, "config": config}
    return {**mimetype.to_mimebundle(figure), "text/plain": _words(figure)}


def _words(figure: dict[str, Any]) -> str:
    title = figure.get("layout", {}).get("title", {})
    text = title.get("text") if isinstance(title, dict) else title
    return f"Figure: {text}" if text else "Figure"


def change_figures(module: Any) -> None:
    """`plotly.basedatatypes`: figures can be displayed, and a script can return them."""

    def draw(figure: Any) -> rich.Item:
        import plotly.io

        values = figure.to_dict()
        return rich.of_bundle(_bundle(plotly.io.renderers["plotly_mimetype"], values, None))

    def returned(figure: Any) -> str:
        return display.stand_in(figure, _words(figure.to_dict()), draw)

    display.register(module.BaseFigure, draw)
    convert.register({module.BaseFigure: returned})


class _NoFolder:
    """A temporary folder that nothing is put into."""

    name = "/"

    def cleanup(self) -> None:
        """Nothing is left of it."""


def change_animation(module: Any) -> None:
    """`matplotlib.animation`: its HTML needs no folder, and is what is displayed."""
    page = StringIO()
    writer: Any = module.HTMLWriter
    open_file = open

    class InMemory(writer):  # type: ignore[misc]
        """Writes its page to memory."""

        def finish(self) -> None:
            page.seek(0)
            page.truncate()
            module.open = lambda *_args, **_options: _Kept(page)
            try:
                super().finish()
            finally:
                module.open = open_file

    def to_jshtml(
        self: Any,
        fps: float | None = None,
        embed_frames: bool = True,
        default_mode: str | None = None,
    ) -> str:
        if not embed_frames:
            linked: str = from_files(self, fps, embed_frames, default_mode)
            return linked
        if fps is None and hasattr(self, "_interval"):
            fps = 1000 / self._interval
        if default_mode is None:
            default_mode = "loop" if getattr(self, "_repeat", False) else "once"
        if not hasattr(self, "_html_representation"):
            folder, module.TemporaryDirectory = module.TemporaryDirectory, _NoFolder
            try:
                with_frames = InMemory(fps=fps, embed_frames=True, default_mode=default_mode)
                self.save("/animation.html", writer=with_frames)
            finally:
                module.TemporaryDirectory = folder
            self._html_representation = page.getvalue()
        text: str = self._html_representation
        return text

    def draw(animation: Any) -> rich.Item:
        with module.mpl.rc_context({"animation.embed_limit": _EMBED_LIMIT_MB}):
            text = to_jshtml(animation)
        figures.note_shown(animation._fig)
        words = figures.describe(animation._fig).replace("Figure", "Animation", 1)
        return "text/html", text.encode("utf-8", "replace"), words

    def returned(animation: Any) -> str:
        words = figures.describe(animation._fig).replace("Figure", "Animation", 1)
        return display.stand_in(animation, words, draw)

    def start(self: Any, fig: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, fig, *args, **kwargs)
        figures.animations[id(fig)] = ref(self), draw

    kind = module.Animation
    from_files, begin = kind.to_jshtml, kind.__init__
    to_jshtml.__doc__, start.__doc__ = from_files.__doc__, begin.__doc__
    kind.to_jshtml, kind.__init__ = to_jshtml, start
    display.register(kind, draw)
    convert.register({kind: returned})


class _Kept:
    """A file in memory that survives being closed."""

    def __init__(self, file: StringIO) -> None:
        self._file = file

    def __enter__(self) -> StringIO:
        return self._file

    def __exit__(self, *_: object) -> None:
        pass
