"""Imports everything that can be imported, before the snapshot is taken, and puts it on the shelf.

What is imported is found by rule, in the archives that Python imports from, so that no list has to be
kept: public modules down to a depth that scripts name, and whatever these import. What fails, prints
or warns when it is imported is left for scripts to import themselves, so that they see that.
"""

import builtins
import contextlib
import io
import sys
import types
import warnings
import zipimport

#: Parts of a dotted name: `scipy.stats` has two. Scripts name three (`statsmodels.tsa.api`,
#: `email.mime.text`, `sympy.physics.units`); deeper ones are imported by those above them.
DEPTH = 3

#: Parts of names of what is no module for scripts: tests, examples, and programs.
NOT_FOR_SCRIPTS = {"tests", "test", "testing", "conftest", "setup", "benchmarks", "examples", "__main__"}

#: What acts when it is imported, in a way that cannot be seen: `antigravity` opens a browser.
ACTS = {"antigravity"}

def candidates() -> list[str]:
    """The modules to import, those above before those below."""
    found = set()
    for path in sys.path:
        for file in zipimport._zip_directory_cache.get(path, ()):
            stem, _, extension = file.rpartition(".")
            if extension in ("py", "pyc"):
                found.add(stem.replace("/", ".").removesuffix(".__init__"))
    return sorted(filter(is_wanted, found), key=lambda name: (name.count("."), name))


def is_wanted(name: str) -> bool:
    """Whether a script may import a module by this name, and finds more than its name in it."""
    parts = name.split(".")
    if len(parts) > DEPTH or name in ACTS or not all(part.isidentifier() for part in parts):
        return False
    return not any(part.startswith("_") or part in NOT_FOR_SCRIPTS for part in parts)


class Recorder:
    """Imports modules, and notes for each package what it imports and what it changes."""

    def __init__(self, shelf: types.ModuleType) -> None:
        self._shelf = shelf
        self._known = dict(sys.modules)
        self._import = builtins.__import__
        #: The package that is being imported, and what has changed since it is.
        self._top, self._effects = "", None
        self._seen = {name for name in sys.modules if "." not in name}
        self._warned: list[str] = []
        self.packages: dict[str, object] = {}
        #: What was not imported, and why.
        self.left_out: dict[str, str] = {}

    def run(self, names: list[str]) -> None:
        """Imports all of them."""
        builtins.__import__, show = self._recorded, warnings.showwarning
        warnings.showwarning = lambda message, *_: self._warned.append(f"warns: {message}")
        try:
            for name in names:
                if name not in sys.modules:
                    self._turn_to(name.partition(".")[0])
                    self._seen.add(self._top)
                    self._try(name)
            self._turn_to("")
        finally:
            builtins.__import__, warnings.showwarning = self._import, show
        for name, module in sys.modules.items():
            if name not in self._known:
                self._package(name.partition(".")[0]).modules[name] = module

    def _package(self, top: str):
        if top not in self.packages:
            self.packages[top] = self._shelf.Package()
        return self.packages[top]

    def _try(self, name: str) -> None:
        """Imports a module as a script does; forgets it if a script would notice."""
        said, reason = io.StringIO(), ""
        del self._warned[:]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                exec(f"import {name}", {"__name__": "__main__"})
            except (Exception, SystemExit) as error:
                reason = f"{type(error).__name__}: {error}"
        if reason := reason or (said.getvalue() and "prints") or "".join(self._warned[:1]):
            self.left_out[name] = reason
            module = sys.modules.pop(name, None)
            parent, _, last = name.rpartition(".")
            if module is not None and getattr(sys.modules.get(parent), last, None) is module:
                delattr(sys.modules[parent], last)

    def _turn_to(self, top: str) -> str:
        """From now on, what changes is the doing of this package; returns whose it was."""
        before = self._top
        if self._effects is not None and self._effects.undo():
            self._package(before).effects.append(self._effects)
        self._top, self._effects = top, self._shelf.Effects()
        return before

    def _recorded(self, name, globals=None, locals=None, fromlist=(), level=0):
        """Stands for `__import__`: notes who imports what."""
        if level == 0:
            importer = str((globals or {}).get("__name__", "")).partition(".")[0]
            top = name.partition(".")[0]
            if importer not in (top, "", "__main__"):
                self._package(importer).uses.add(top)
            if top not in self._seen:
                self._seen.add(top)
                before = self._turn_to(top)
                try:
                    return self._import(name, globals, locals, fromlist, level)
                finally:
                    self._turn_to(before)
        return self._import(name, globals, locals, fromlist, level)


def preload(shelf: types.ModuleType) -> dict[str, str]:
    """Fills the shelf; returns what was left out, and why."""
    recorder = Recorder(shelf)
    recorder.run(candidates())
    shelf.fill(recorder.packages)
    return recorder.left_out
