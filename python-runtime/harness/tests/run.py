"""Run the tests: `python3 run.py` here, or `run_modules` where there are no files.

Tests are plain functions named `test_…` in modules named `test_…`, with plain asserts. A module
that needs a library says so in `REQUIRES`, and is skipped where that is missing.
"""

from __future__ import annotations

import importlib
import linecache
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LIBRARIES = ("numpy", "pandas", "matplotlib.pyplot")


def run_modules(sources: Mapping[str, str]) -> tuple[int, int, list[str]]:
    """Load the package, the tests and their support from `{module name: source}`, and run
    every test: how many passed, how many failed, and a report, the totals in its last line.
    """
    for library in _LIBRARIES:
        _is_there(library)  # Before the package, which looks for them when it is loaded.
    loader: dict[str, Any] = {"__name__": "loader"}
    exec(sources["belljar.loader"], loader)
    sys.meta_path.insert(0, loader["SourceImporter"](sources))
    for name, source in sources.items():
        lines = source.splitlines(keepends=True)
        linecache.cache[f"<{name}>"] = (len(source), None, lines, name)
    importlib.import_module("belljar.environment").install()

    passed, report, failures = 0, [], []
    for name in sorted(name for name in sources if name.startswith("test_")):
        module = importlib.import_module(name)
        missing = [lib for lib in getattr(module, "REQUIRES", ()) if not _is_there(lib)]
        if missing:
            report.append(f"{name}: skipped, it needs {', '.join(missing)}")
            continue
        for test_name, test in list(vars(module).items()):
            if test_name.startswith("test_"):
                try:
                    test()
                    passed += 1
                except Exception:
                    failures.append(f"FAILED {name}.{test_name}\n{traceback.format_exc()}")
    totals = f"{passed} passed, {len(failures)} failed"
    return passed, len(failures), [*report, *failures, totals]


def _is_there(library: str) -> bool:
    try:
        importlib.import_module(library)
    except ImportError:
        return False
    return True


def _read_sources() -> dict[str, str]:
    here = Path(__file__).parent
    package = here.parent / "belljar"
    sources = {"belljar": (package / "__init__.py").read_text("utf-8")}
    for path in sorted(package.glob("[!_]*.py")):
        sources[f"belljar.{path.stem}"] = path.read_text("utf-8")
    for path in (here / "support.py", *sorted(here.glob("test_*.py"))):
        sources[path.stem] = path.read_text("utf-8")
    return sources


if __name__ == "__main__":
    _, failed, report = run_modules(_read_sources())
    print("\n".join(report))
    sys.exit(1 if failed else 0)
