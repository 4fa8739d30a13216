"""Makes 64 bits the width of numpy's default integer in the parts of numpy and scipy that are Python.

The interpreter's own code is edited before it starts (`src/refit`); there the default integer is what
C calls `long long`. Here follow the names for it, and what is left of code that takes `long` for 64 bits
on some machines and 32 on others: on this one C's `long` has 32.

Modules are changed as they are imported. What is changed is checked: of another numpy or scipy, nothing
is changed in silence.
"""

import importlib.machinery
import sys
import types


def widen_names(module: types.ModuleType) -> None:
    """`int_`, `long` and their like name the 64-bit types, for attributes of numpy and for `dtype`."""
    names, by_text = module.allTypes, module.sctypeDict
    if names["int_"] is not names["intp"] or names["long"] is not names["int32"]:
        raise ImportError("numpy has changed: its default integer is not the one that was edited")
    for name, wide in (("int_", "int64"), ("long", "int64"), ("uint", "uint64"), ("ulong", "uint64")):
        names[name] = by_text[name] = names[wide]
    by_text["int"] = names["int64"]


def narrow_formats(module: types.ModuleType) -> None:
    """`l` and `L` are 32 bits wide in the formats of buffers, where they stand for C's `long`."""
    formats = module._pep3118_native_map
    if formats["l"] != "l" or formats["L"] != "L":
        raise ImportError("numpy has changed: it reads the formats of buffers in another way")
    formats.update(l="i", L="I")


def keep_positions(module: types.ModuleType) -> None:
    """pandas' lists of where each column is stay as wide as positions when a column is added at an end.

    It appends a Python integer to them, and its compiled code then reads them as positions.
    """
    manager = module.BlockManager
    update, intp = manager._insert_update_blklocs_and_blknos, module.np.intp

    def _insert_update_blklocs_and_blknos(self, loc):
        update(self, loc)
        self._blklocs = self._blklocs.astype(intp, copy=False)
        self._blknos = self._blknos.astype(intp, copy=False)

    manager._insert_update_blklocs_and_blknos = _insert_update_blklocs_and_blknos


#: What is done to a module after it was executed.
AFTER = {
    "numpy._core._type_aliases": widen_names,
    "numpy._core._internal": narrow_formats,
    "pandas.core.internals.managers": keep_positions,
}

#: Constants in the code of a module, what they become, and how many there are: loops compiled for C's
#: `long` are asked for by a type that has the width of one, and positions, which have 32 bits, may be
#: given with 64.
CONSTANTS = {
    "scipy.special._lambertw": ("long", "intp", 1),
    "scipy.special._spherical_bessel": ("long", "intp", 4),
    "scipy.signal._peak_finding": ("safe", "same_kind", 1),
}


def replaced(code: types.CodeType, old: str, new: str) -> tuple[types.CodeType, int]:
    """The code with each constant `old` replaced, and how many they were."""
    constants, count = [], 0
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            constant, inner = replaced(constant, old, new)
            count += inner
        elif type(constant) is str and constant == old:
            constant, count = new, count + 1
        constants.append(constant)
    return code.replace(co_consts=tuple(constants)) if count else code, count


class Loader:
    """The loader of one of the modules, which changes it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        code = self._loader.get_code(name)
        if name in CONSTANTS:
            old, new, expected = CONSTANTS[name]
            code, count = replaced(code, old, new)
            if count != expected:
                raise ImportError(f"{name} has changed: {old!r} is there {count} times, not {expected}")
        exec(code, module.__dict__)
        if name in AFTER:
            AFTER[name](module)


class Finder:
    """Finds these modules, and no others."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in AFTER and name not in CONSTANTS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = Loader(spec.loader)
        return spec


def install() -> None:
    """Before numpy is imported."""
    if "numpy" in sys.modules:
        raise ImportError("numpy is imported already")
    sys.meta_path.insert(0, Finder)
