"""Imports everything that can be imported, before the snapshot is taken, and puts it on the shelf.

What is imported is found by rule, in the archives that Python imports from, so that no list has to be
kept: public modules down to a depth that scripts name, and whatever these import. What fails, prints
or warns when it is imported is left for scripts to import themselves, so that they see that.
"""

import builtins
import contextlib
import io
import random
import sys
import textwrap
import warnings
import zipimport

#: Parts of a dotted name: `scipy.stats` has two. Scripts name three (`statsmodels.tsa.api`,
#: `email.mime.text`, `sympy.physics.units`); deeper ones are imported by those above them.
DEPTH = 3

#: Parts of names of what is no module for scripts: tests, examples, and programs.
NOT_FOR_SCRIPTS = {"tests", "test", "testing", "conftest", "setup", "benchmarks", "examples", "__main__"}

#: What acts when it is imported, in a way that cannot be seen: `antigravity` opens a browser.
ACTS = {"antigravity"}

#: First uses that import more than an import did, or take long: what a script with one figure does.
FIRST_USES = {
    "plotly": """
        import plotly.express as px
        import plotly.graph_objects as go
        for make in (px.bar, px.line, px.scatter, px.area, px.histogram, px.box, px.violin, px.pie):
            figure = make(**({"values": [1]} if make is px.pie else {"x": [1], "y": [2]}), title="t")
        figure = go.Figure(go.Scatter(x=[1], y=[2]), layout_title_text="t")
        figure.update_layout(xaxis_title="x", legend=dict(x=0))
        figure.to_json(), go.Heatmap(z=[[1]]), go.Surface(z=[[1]]), go.Table(), go.Candlestick()
    """,
    "requests": """
        import requests
        requests.Session().prepare_request(requests.Request("GET", "https://example.com"))
    """,
    "rich": """
        import io
        from rich.console import Console
        from rich.table import Table
        table = Table("a")
        table.add_row("b")
        Console(file=io.StringIO()).print(table, {"a": 1}, "[bold]x")
    """,
}


def candidates() -> list[str]:
    """The modules to import, those above before those below."""
    found = set()
    for path in sys.path:
        for file in zipimport.zipimporter(path)._get_files():
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


def generators_in(module) -> list:
    """The generators of random numbers that a module, or a class in it, keeps for itself.

    Those of `random` and `numpy.random` that everybody shares are reseeded by the host.
    """
    numpy_random = sys.modules["numpy.random"]
    kinds = (random.Random, numpy_random.RandomState, numpy_random.Generator)
    shared = (random._inst, numpy_random.mtrand._rand)
    kept = list(vars(module).values())
    kept += [value for each in kept if isinstance(each, type) for value in list(vars(each).values())]
    return [
        each
        for each in kept
        if isinstance(each, kinds)
        and not isinstance(each, random.SystemRandom)
        and not any(each is one for one in shared)
    ]


class Watcher:
    """A finder in front of the others that notes what each module changes while it is executed."""

    def __init__(self, make_effects) -> None:
        self._make_effects = make_effects
        #: The module that is being executed, and what has changed since it is.
        self._name, self._current = "", make_effects()
        self.effects: dict[str, list] = {}

    def turn_to(self, name: str) -> str:
        """From now on, what changes is the doing of this module; returns whose it was."""
        before = self._name
        if self._current.note():
            self.effects.setdefault(before, []).append(self._current)
        self._current.forget()
        self._name, self._current = name, self._make_effects()
        return before

    def find_spec(self, name, path=None, target=None):
        """What the others find, with a loader that tells when it executes."""
        finders = sys.meta_path[sys.meta_path.index(self) + 1 :]
        for finder in finders:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = Loader(spec.loader, self.turn_to)
                return spec
        return None


class Loader:
    """The loader of one module, watched."""

    def __init__(self, loader, turn_to) -> None:
        self._loader, self._turn_to = loader, turn_to

    def create_module(self, spec):
        """As the other does."""
        return self._loader.create_module(spec)

    def exec_module(self, module) -> None:
        """Executes the module, whose loader is the other."""
        module.__spec__.loader = module.__loader__ = self._loader
        before = self._turn_to(module.__name__)
        try:
            self._loader.exec_module(module)
        finally:
            self._turn_to(before)


class Recorder:
    """Imports modules, and notes which others each of them imports, and what it changes."""

    def __init__(self, shelf) -> None:
        self._shelf = shelf
        self._known = set(sys.modules)
        self._import = builtins.__import__
        self._warned: list[str] = []
        self._watcher = Watcher(shelf.Effects)
        self._uses: dict[str, set[str]] = {}
        #: What was not imported, and why.
        self.left_out: dict[str, str] = {}

    def run(self, names: list[str]) -> None:
        """Imports all of them."""
        show, before = warnings.showwarning, self._shelf.Effects()
        warnings.showwarning = lambda message, *_: self._warned.append(f"warns: {message}")
        builtins.__import__ = self._recorded
        sys.meta_path.insert(0, self._watcher)
        try:
            for name in names:
                if name not in sys.modules:
                    self._try(name)
            for name, source in FIRST_USES.items():
                self._use(name, source)
        finally:
            self._watcher.turn_to("")
            # Until here, what one module has changed was there for those that it imported.
            before.undo()
            sys.meta_path.remove(self._watcher)
            builtins.__import__, warnings.showwarning = self._import, show

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

    def _use(self, name: str, source: str) -> None:
        """Uses a package; that has to work, for what it draws attention to is ours to mend."""
        if name not in self.left_out:
            exec(compile(textwrap.dedent(source), f"<{name}>", "exec"), {"__name__": "__main__"})

    def _recorded(self, name, globals=None, locals=None, fromlist=(), level=0):
        """Stands for `__import__`: notes who imports what."""
        result = self._import(name, globals, locals, fromlist, level)
        importer = (globals or {}).get("__name__")
        if isinstance(importer, str) and importer not in self._known:
            if level:
                package = globals.get("__package__") or importer
                above = package.rsplit(".", level - 1)[0]
                name = f"{above}.{name}" if name else above
            uses = self._uses.setdefault(importer, set())
            uses.add(name)
            uses.update(f"{name}.{each}" for each in fromlist or ())
        return result

    def shelved(self) -> dict:
        """What was imported, as the shelf takes it."""
        new = {name: module for name, module in sys.modules.items() if name not in self._known}
        found, reseeds = {}, {}
        for name, module in new.items():
            uses = self._uses.get(name, set()) | {name.rpartition(".")[0]}
            # To import a module is to import the packages that it is in.
            uses |= {use[:dot] for use in uses for dot, letter in enumerate(use) if letter == "."}
            effects = list(self._watcher.effects.get(name, ()))
            for generator in generators_in(module):
                effects.append(reseeds.setdefault(id(generator), self._shelf.Reseed(generator)))
            found[name] = self._shelf.Shelved(module, tuple(sorted(uses & new.keys())), tuple(effects) or None)
        return found


def preload(shelf) -> dict[str, str]:
    """Fills the shelf; returns what was left out, and why."""
    recorder = Recorder(shelf)
    recorder.run(candidates())
    shelf.fill(recorder.shelved())
    return recorder.left_out
