"""Changes to packages that are imported by scripts, if at all.

A finder in front of the others notices the import of a few modules by name, and changes each when
it has been executed. It costs an import of anything else one look into a dictionary.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.error import URLError

from . import interactive, jpeg, truetype
from .network import NO_NETWORK

Change = Callable[[Any], None]


def _download(*_: object, **__: object) -> None:
    raise URLError(NO_NETWORK)


def _without_downloads(module: Any) -> None:
    """Data sets that a package fetches: that fails before it looks for somewhere to keep them."""
    module.get_data_home = lambda data_home=None: data_home or "/"
    for name in ("_fetch_remote", "_open_openml_url"):
        if hasattr(module, name):
            setattr(module, name, _download)


def _without_connections(module: Any) -> None:
    """requests: what is not sent says why, in one sentence."""

    def send(self: object, request: object, *_: object, **__: object) -> None:
        raise module.ConnectionError(NO_NETWORK, request=request)

    module.HTTPAdapter.send = send


def _without_monitor(module: Any) -> None:
    """A progress bar that is looked after by no other thread."""
    module.tqdm.monitor_interval = 0


_CHANGES: dict[str, Change] = {
    "PIL.JpegImagePlugin": jpeg.change_jpeg,
    "PIL.WebPImagePlugin": jpeg.change_webp,
    "PIL.ImageFont": truetype.change_fonts,
    "matplotlib.animation": interactive.change_animation,
    "plotly.basedatatypes": interactive.change_figures,
    "plotly.io._renderers": interactive.change_renderers,
    "requests.adapters": _without_connections,
    "seaborn.utils": _without_downloads,
    "sklearn.datasets._base": _without_downloads,
    "sklearn.datasets._openml": _without_downloads,
    "tqdm.std": _without_monitor,
}


class _Finder(MetaPathFinder):
    """Finds modules as all others do, and has them changed."""

    def __init__(self, changes: dict[str, Change]) -> None:
        self._changes = changes

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        change = self._changes.pop(name, None)
        if change is None:
            return None
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                change(module)

            spec.loader = _Loader(spec.loader, exec_module)  # type: ignore[assignment]
        return spec


class _Loader:
    """A loader with another way to execute a module; all else is the original's."""

    def __init__(self, loader: Any, exec_module: Callable[[ModuleType], None]) -> None:
        self._loader, self.exec_module = loader, exec_module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def install() -> None:
    """Change what is imported already, and what will be."""
    pending = dict(_CHANGES)
    for name, change in _CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])
            del pending[name]
    sys.meta_path.insert(0, _Finder(pending))
