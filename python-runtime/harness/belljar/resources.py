"""Data files of packages, by path.

`importlib.resources.as_file` unpacks what is in an archive into a temporary file, and there is
none. The image has the data files of packages beside their archive: they have a path already.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file
from pathlib import Path
from typing import Any


def install() -> None:
    """Have `as_file` give those paths."""
    dispatch: Any = as_file
    unpack = dispatch.dispatch(object)

    def as_path(member: Any) -> Any:
        path = str(member)
        return _there(path) if os.path.exists(path) else unpack(member)

    # Whatever an importer gives for what is in its archive.
    dispatch.register(object)(as_path)


@contextmanager
def _there(path: str) -> Iterator[Path]:
    yield Path(path)
