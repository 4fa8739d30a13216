"""Modules that are imported already, and that no script has asked for yet.

While the image is prepared, everything that can be imported is imported and put on this shelf:
out of `sys.modules`, so that a script finds there what it imported and what that needs, as
anywhere else. Code that goes through all modules (`inspect`, `unittest`, `pickle`) has no more to
look at, and what an import changes besides (filters of warnings, colour maps) is undone until
somebody imports.

An import takes a module off the shelf with all that it imported: what took seconds is a walk
through a few dictionaries.
"""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NamedTuple

Registry = dict[Any, Any]


def _registries() -> list[Registry]:
    """The dictionaries that imports are known to add to, of all programs alike."""
    found: list[Registry] = [os.environ]  # type: ignore[list-item]
    if matplotlib := sys.modules.get("matplotlib"):
        found += [matplotlib.colormaps._cmaps, matplotlib.units.registry]
    return found


class Effects:
    """What an import changed beside `sys.modules`: it can be undone, and done again."""

    def __init__(self) -> None:
        self._registries = [(registry, dict(registry)) for registry in _registries()]
        self._filters = list(warnings.filters)
        self._added: list[tuple[Registry, Registry]] = []
        self._first: list[Any] = []
        self._last: list[Any] = []

    def note(self) -> bool:
        """Keep what has changed since this was made; whether that was anything."""
        for registry, before in self._registries:
            added = {key: value for key, value in registry.items() if key not in before}
            if added:
                self._added.append((registry, added))
        if warnings.filters != self._filters:
            old = {id(entry) for entry in self._filters}
            new = [(n, entry) for n, entry in enumerate(warnings.filters) if id(entry) not in old]
            place = next((n for n, entry in enumerate(warnings.filters) if id(entry) in old), 0)
            self._first = [entry for n, entry in new if n < place]
            self._last = [entry for n, entry in new if n > place]
        return bool(self._added or self._first or self._last)

    def undo(self) -> None:
        """Have everything as it was when this was made."""
        for registry, before in self._registries:
            for key in [key for key in registry if key not in before]:
                del registry[key]
        if warnings.filters != self._filters:
            _set_filters(self._filters)

    def forget(self) -> None:
        """Drop what it was like before: only what has changed is needed from now on."""
        self._registries, self._filters = [], []

    def redo(self) -> None:
        """Change it all again."""
        for registry, added in self._added:
            for key, value in added.items():
                registry.setdefault(key, value)
        if self._first or self._last:
            _set_filters([*self._first, *warnings.filters, *self._last])


def _set_filters(filters: list[Any]) -> None:
    """Replace the filters of warnings, as `warnings` itself does it."""
    warnings.filters[:] = filters  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]


class Reseed:
    """A module's generator of random numbers: whoever imports it gets numbers of their own.

    Modules that share a generator share this as well, so that it is seeded once, before the script
    may seed it.
    """

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def redo(self) -> None:
        """Seed it, if that was not done yet."""
        generator, self._generator = self._generator, None
        if generator is None:
            return
        seed = int.from_bytes(_urandom(16), "little")
        if isinstance(generator, random.Random):
            generator.seed(seed)
        else:
            bits = getattr(generator, "_bit_generator", None) or generator.bit_generator
            bits.state = type(bits)(seed).state


#: As it is before a script can replace it.
_urandom = os.urandom


class Shelved(NamedTuple):
    """A module on the shelf."""

    module: ModuleType
    #: The names of those that it imported, and of the package that it is in.
    uses: tuple[str, ...]
    effects: tuple[Effects | Reseed, ...] | None


#: What is on the shelf, by name.
shelf: dict[str, Shelved] = {}


def take(name: str) -> None:
    """Put a module into `sys.modules`, with those that it uses."""
    wanted = [name]
    modules, pop = sys.modules, shelf.pop
    while wanted:
        name = wanted.pop()
        found = pop(name, None)
        if found is not None:
            module, uses, effects = found
            modules.setdefault(name, module)
            # Its package may not be what it was: one that warns is executed anew.
            package, _, last = name.rpartition(".")
            if package in modules and not hasattr(modules[package], last):
                setattr(modules[package], last, module)
            wanted.extend(uses)
            for each in effects or ():
                each.redo()


class _Loader(Loader):
    """The loader of one module that has been executed long ago."""

    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec = module, module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Give the module; the import system then gives it this loader's specification."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Give it back its own, and take off the shelf what it uses."""
        module.__spec__ = self._spec
        take(module.__name__)

    def __getattr__(self, name: str) -> Any:
        """What else a loader can be asked, such as for data beside its module."""
        return getattr(self._spec.loader, name)  # type: ignore[union-attr]


class _Finder(MetaPathFinder):
    """Finds what is on the shelf."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = shelf.get(name)
        own = getattr(found.module, "__spec__", None) if found else None
        if found is None or own is None:
            return None
        spec = ModuleSpec(name, _Loader(found.module), origin=own.origin)
        spec.submodule_search_locations = own.submodule_search_locations
        spec.cached, spec.has_location = own.cached, own.has_location
        return spec


def fill(found: dict[str, Shelved]) -> None:
    """Put modules on the shelf, and out of `sys.modules`."""
    for name in found:
        del sys.modules[name]
    shelf.update(found)
    sys.meta_path.insert(0, _Finder())
