"""Load this package from sources in memory, out of every script's way.

This module stands alone: it is executed first, by itself, and loads the others. They run with
a copy of the builtins, which a script can't reach through `builtins`, and leave no trace in
`sys.modules`, so that a script finds neither them nor their name taken.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class SourceImporter(MetaPathFinder, Loader):
    """Imports modules from `{dotted name: source}`; a name with dotted others is a package."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._builtins = dict(vars(builtins))

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._sources:
            return None
        prefix = name + "."
        is_package = any(other.startswith(prefix) for other in self._sources)
        return ModuleSpec(name, self, origin=f"<{name}>", is_package=is_package)

    def exec_module(self, module: ModuleType) -> None:
        name, namespace = module.__name__, vars(module)
        namespace["__builtins__"] = self._builtins
        exec(compile(self._sources[name], f"<{name}>", "exec", dont_inherit=True), namespace)


def load(sources: Mapping[str, str]) -> dict[str, ModuleType]:
    """Import every module of `sources`; return them by name, importable no more."""
    importer = SourceImporter(sources)
    sys.meta_path.insert(0, importer)
    try:
        return {name: import_module(name) for name in sources}
    finally:
        sys.meta_path.remove(importer)
        for name in sources:
            sys.modules.pop(name, None)
