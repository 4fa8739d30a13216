"""The shelf: modules that are imported already, and taken off it when somebody imports them."""

from __future__ import annotations

import importlib.util
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType

from belljar import shelf


class Seedable(random.Random):
    """A generator that counts how often it is seeded."""

    def __init__(self) -> None:
        self.seeds: list[object] = []
        super().__init__(1)

    def seed(self, a: object = None, version: int = 2) -> None:
        """Note the seed."""
        self.seeds.append(a)
        super().seed(a, version)  # type: ignore[arg-type]


def test_a_generator_is_seeded_once_and_with_other_numbers_each_time() -> None:
    one, other = Seedable(), Seedable()
    reseed = shelf.Reseed(one)
    reseed.redo()
    reseed.redo()
    shelf.Reseed(other).redo()
    assert len(one.seeds) == len(other.seeds) == 2
    assert one.seeds[1] != other.seeds[1]


NAMES = ("shelved", "shelved.part", "needed", "apart")


def made(name: str) -> ModuleType:
    """A module as an import leaves it: with a specification, and in its package."""
    module = ModuleType(name)
    spec = ModuleSpec(name, None, origin="nowhere")
    spec.submodule_search_locations = [] if name == "shelved" else None
    module.__spec__ = spec
    if name == "shelved":
        module.__path__ = []
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    return module


@contextmanager
def full_shelf() -> Iterator[dict[str, ModuleType]]:
    """`shelved.part` uses `needed`; importing that added a filter; nothing uses `apart`."""
    modules = {name: made(name) for name in NAMES}
    effects = shelf.Effects()
    warnings.filterwarnings("ignore", message="from needed")
    assert effects.note()
    effects.undo()
    uses = {"shelved.part": ("shelved", "needed")}
    filters, finders, before = list(warnings.filters), list(sys.meta_path), dict(shelf.shelf)
    shelf.fill(
        {
            name: shelf.Shelved(
                module, uses.get(name, ()), (effects,) if name == "needed" else None
            )
            for name, module in modules.items()
        }
    )
    try:
        yield modules
    finally:
        warnings.filters[:] = filters  # type: ignore[index]
        sys.meta_path[:] = finders
        shelf.shelf.clear()
        shelf.shelf.update(before)
        for name in NAMES:
            sys.modules.pop(name, None)


def test_what_is_on_the_shelf_is_not_in_sys_modules() -> None:
    with full_shelf():
        assert not set(NAMES) & set(sys.modules)


def test_an_import_takes_a_module_with_all_that_it_uses_and_nothing_else() -> None:
    with full_shelf() as modules:
        import shelved.part  # type: ignore[import-not-found]

        assert sys.modules["shelved"] is modules["shelved"] is shelved
        assert sys.modules["shelved.part"] is modules["shelved.part"]
        assert sys.modules["needed"] is modules["needed"]
        assert "apart" not in sys.modules
        spec = shelved.__spec__
        assert spec and spec.loader is None and shelved.part.__spec__.origin == "nowhere"


def test_what_an_import_changed_is_changed_when_a_script_imports() -> None:
    def is_filtered() -> bool:
        return any(entry[1] and entry[1].pattern == "from needed" for entry in warnings.filters)

    with full_shelf():
        assert not is_filtered()
        importlib.import_module("apart")
        assert not is_filtered()
        importlib.import_module("shelved.part")
        assert is_filtered()


def test_to_look_for_a_module_does_not_take_it() -> None:
    with full_shelf():
        spec = importlib.util.find_spec("apart")
        assert spec and spec.origin == "nowhere"
        assert "apart" not in sys.modules and "apart" in shelf.shelf


def test_a_module_that_was_taken_and_dropped_is_not_found_on_the_shelf() -> None:
    with full_shelf():
        importlib.import_module("apart")
        del sys.modules["apart"]
        try:
            importlib.import_module("apart")
        except ModuleNotFoundError:
            return
        raise AssertionError("it was there twice")
