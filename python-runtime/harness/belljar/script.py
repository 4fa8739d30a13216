"""From the bytes of a script to a code object, and the module it runs in."""

from __future__ import annotations

import builtins
import linecache
import sys
from io import StringIO
from types import CodeType, ModuleType
from typing import Any

from . import closing, notebook

#: The name every script goes by, in tracebacks and in `__file__`.
FILENAME = "script.py"

_modules = sys.modules
_lines: list[str] = []


def compile_script(script: bytes) -> CodeType:
    """Compile UTF-8 source. Whatever the compiler has against it is raised as it comes.

    The compiler gets text, so a coding cookie means nothing, and none of our own future
    imports leak in.
    """
    source = source_of(script)
    _remember(source)
    try:
        return compile(source, FILENAME, "exec", 0, True)
    except SyntaxError as error:
        return _compile_mended(source, error)


def _compile_mended(source: str, error: SyntaxError) -> CodeType:
    """Compile the Python in what is nearly Python; else the compiler's error gets a hint."""
    mended, notes = source, ""
    # Once for the fence, once for the commands inside.
    for _ in range(2):
        found = notebook.mend(mended, error.lineno)
        if found is None:
            break
        mended, note = found
        notes += note
        try:
            code = compile(mended, FILENAME, "exec", 0, True)
        except SyntaxError as another:
            error = another
        else:
            _remember(mended)
            closing.write_error(notes)
            return code
    notebook.explain(error, mended)
    raise error


def text() -> str:
    """The script as it was compiled."""
    return "".join(_lines)


def source_of(script: bytes) -> str:
    """The text of a script, without the mark that some editors put in front of UTF-8."""
    source = script.decode()
    return source[1:] if source.startswith("\ufeff") else source


def new_module(name: str) -> dict[str, Any]:
    """The namespace of a fresh, importable module for the script to run in.

    It is the main module, too, whatever its name: `unittest.main`, `doctest.testmod` and
    `from __main__ import ...` look there for what a script defines. Its builtins are the real
    ones: left out, `exec` would lend it ours.
    """
    module = _modules[name] = _modules["__main__"] = ModuleType(name)
    namespace = module.__dict__
    namespace["__file__"] = FILENAME
    namespace["__builtins__"] = builtins
    return namespace


def restore_source() -> None:
    """Show `linecache` the script again, whatever the script did to it."""
    linecache.cache[FILENAME] = _cache_entry()


def _remember(source: str) -> None:
    """Give tracebacks, warnings and `inspect` the source of a file that does not exist.

    Lines end where the compiler ends them, which is not everywhere `str.splitlines` does.
    """
    global _lines
    _lines = StringIO(source, newline=None).readlines()
    linecache.cache[FILENAME] = _cache_entry()


def _cache_entry() -> tuple[int, None, list[str], str]:
    """A `linecache` entry; without a modification time it is never checked against a file."""
    return (len(_lines), None, _lines, FILENAME)
