"""matplotlib's figures: shown where a script shows them, and at its end if it left them open.

matplotlib is used if it was loaded before this package, and never imported. Its `Agg` backend
draws without a screen; what is added here is somewhere to show what it draws.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

from . import closing
from .unsupported import reject

_MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}

_Figure: Any = None
#: Open figures by number: matplotlib's own dict, so that to see it is empty costs nothing.
open_figures: dict[Any, Any] = {}
_close_all: Callable[[], None] = open_figures.clear
#: The `id` of every figure that was shown: those that are still open are not shown again.
_shown: set[int] = set()
#: The animation of a figure that has one, by the figure's `id`, and what draws it.
animations: dict[int, tuple[Callable[[], Any], Callable[[Any], Any]]] = {}


def install(show: Callable[[object], None]) -> None:
    """Give the backend a way to show figures."""
    global _Figure, open_figures, _close_all
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.backend_bases import FigureManagerBase
    from matplotlib.backends import backend_agg
    from matplotlib.figure import Figure

    class FigureManager(FigureManagerBase):  # type: ignore[misc]
        """A window that is an item of the answer."""

        def show(self) -> None:
            """Show this figure, and close it: as `Figure.show` of a script."""
            show(self.canvas.figure)
            Gcf.destroy(self)

        @classmethod
        def pyplot_show(cls, *, block: bool | None = None) -> None:
            """Show every open figure, and close them: as `pyplot.show`."""
            for manager in Gcf.get_all_fig_managers():
                manager.show()

    _Figure, open_figures, _close_all = Figure, Gcf.figs, Gcf.destroy_all
    canvas: Any = backend_agg.FigureCanvasAgg
    canvas.manager_class = FigureManager
    # It looks at the class once, when the backend is chosen.
    pyplot.switch_backend("agg")


def item_of(thing: object) -> tuple[str, bytes, str | None] | None:
    """The item for a figure; None for anything else."""
    return draw(thing) if _Figure is not None and isinstance(thing, _Figure) else None


def kinds() -> list[type]:
    """The types of what is displayed when it is a script's result: figures, what they are made of,
    and images.
    """
    artists: Any = sys.modules.get("matplotlib.artist")
    images: Any = sys.modules.get("PIL.Image")
    return [*([artists.Artist] if _Figure else []), *([images.Image] if images else [])]


def of(thing: Any) -> Any:
    """The figure that something is or is part of; None for what is no part of one."""
    if _Figure is not None and isinstance(thing, _Figure):
        return thing
    get_figure = getattr(thing, "get_figure", None)
    if get_figure is None:
        return None
    figure = get_figure(root=True)
    if figure is None:
        reject(thing)
    return figure


def was_shown(figure: object) -> bool:
    """Whether a figure has been displayed."""
    return id(figure) in _shown


def note_shown(figure: object) -> None:
    """Do not show a figure again at the end."""
    _shown.add(id(figure))


def draw(figure: Any) -> tuple[str, bytes, str | None]:
    """A figure as an image: PNG, or SVG where `rcParams["savefig.format"]` says so; one that is
    animated as what plays it.
    """
    find, draw_animation = animations.get(id(figure), (None, None))
    animation = find() if find else None
    if animation is not None and draw_animation and animation._fig is figure:
        drawn: tuple[str, bytes, str | None] = draw_animation(animation)
        return drawn
    wanted = sys.modules["matplotlib"].rcParams["savefig.format"]
    kind = wanted if wanted in _MEDIA_TYPES else "png"
    image = BytesIO()
    figure.savefig(image, format=kind)
    _shown.add(id(figure))
    return _MEDIA_TYPES[kind], image.getvalue(), describe(figure)


def show_open(show: Callable[[object], None]) -> None:
    """Show what a script left open without showing it. What goes wrong is told, not raised."""
    for manager in list(open_figures.values()):
        try:
            figure = manager.canvas.figure
            if id(figure) not in _shown and figure.get_axes():
                show(figure)
        except BaseException as error:
            closing.write_error(f"display: a figure can't be drawn: {_reason(error)}\n")


def forget() -> None:
    """Close all figures."""
    _shown.clear()
    animations.clear()
    if open_figures:
        _close_all()


def _reason(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except BaseException:
        return type(error).__name__


def describe(figure: Any) -> str:
    """A figure in words: its titles."""
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.get_axes())]
    found = [title for title in titles if title]
    return f"Figure: {'; '.join(found)}" if found else "Figure"
