"""What the machine is like, where the interpreter's own answers are wrong or missing.

There is no terminal, one empty folder, `/dev/null`, the locale C, and a processor whose time counts
from the start of the script.
"""

from __future__ import annotations

import builtins
import io
import locale
import os
import sys
import time
from typing import Any, NoReturn, cast

#: The sandbox's clocks start here, in seconds: see `engine/src/clock.rs`.
_CLOCKS_START = 100_000

_real_open, _real_exit = io.open, os._exit
_real_listdir, _real_scandir = os.listdir, os.scandir
_real_setlocale: Any = getattr(locale, "_setlocale", None)
#: Not every edition has one; nothing but the script takes time in a sandbox.
_process_time_ns = getattr(time, "process_time_ns", time.monotonic_ns)

#: Locales that are the same as C, but for the encoding.
_LOCALES = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})


class _Stdin(io.FileIO):
    """Standard input, which is no terminal whatever the interpreter was told."""

    def isatty(self) -> bool:
        return False


class _Null(io.RawIOBase):
    """`/dev/null`: takes everything, has nothing."""

    def __init__(self, mode: str) -> None:
        self.name, self.mode = os.devnull, mode

    def readable(self) -> bool:
        return "r" in self.mode or "+" in self.mode

    def writable(self) -> bool:
        return any(letter in self.mode for letter in "wax+")

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return 0

    def tell(self) -> int:
        return 0

    def truncate(self, size: int | None = None, /) -> int:
        return 0

    def readinto(self, buffer: Any, /) -> int:
        return 0

    def write(self, data: Any, /) -> int:
        return memoryview(data).nbytes


class _NoEntries:
    """`os.scandir` of an empty folder."""

    def __enter__(self) -> _NoEntries:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> _NoEntries:
        return self

    def __next__(self) -> NoReturn:
        raise StopIteration

    def close(self) -> None:
        pass


def open(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    """Open a file, as `io.open`; `/dev/null` is always there."""
    if isinstance(file, (str, os.PathLike)) and os.fspath(file) == os.devnull and "x" not in mode:
        return _open_null(mode, buffering, encoding, errors, newline)
    return _real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)


def _open_null(
    mode: str, buffering: int, encoding: str | None, errors: str | None, newline: str | None
) -> Any:
    if not {*mode} <= {*"rwatb+"} or sum(mode.count(letter) for letter in "rwa") != 1:
        raise ValueError(f"invalid mode: {mode!r}")
    raw = _Null(mode)
    if "b" in mode and buffering == 0:
        return raw
    kinds = (io.BufferedRandom, io.BufferedReader, io.BufferedWriter)
    buffer: Any = kinds[0 if "+" in mode else 1 if "r" in mode else 2](cast(Any, raw))
    return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)


def _listdir(path: Any = ".") -> list[Any]:
    """The names in a folder: none, where the sandbox does not show them."""
    try:
        return _real_listdir(path)
    except PermissionError:
        return []


def _scandir(path: Any = ".") -> Any:
    try:
        return _real_scandir(path)
    except PermissionError:
        return _NoEntries()


def _exit(status: int) -> NoReturn:
    """End at once. The system keeps the lowest eight bits of a status."""
    _real_exit(status & 0xFF)


def _own_time_ns() -> int:
    now = _process_time_ns()
    start = _CLOCKS_START * 10**9
    return now - start if now >= start else now


def _own_time() -> float:
    return _own_time_ns() / 10**9


def _times() -> os.times_result:
    """Processor time, none of it the system's or another process's."""
    return os.times_result((_own_time(), 0.0, 0.0, 0.0, time.monotonic()))


def _setlocale(category: int, name: str | None = None) -> str:
    """Choose a locale that there is; the C library takes any name for one."""
    if name is not None:
        wanted = name or os.environ.get("LC_ALL") or os.environ.get("LANG") or "C.UTF-8"
        # A name for each category is what it says when they differ.
        if not {*wanted.split(";")} <= _LOCALES:
            raise locale.Error("unsupported locale setting")
    chosen: str = _real_setlocale(category, name)
    return chosen


def _without_terminal() -> None:
    stdin: Any = io.TextIOWrapper(
        io.BufferedReader(_Stdin(0, closefd=False)), "utf-8", errors="replace"
    )
    stdin.buffer.raw.name, stdin.mode = "<stdin>", "r"
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]
    os.isatty = lambda fd, /: False


def install() -> None:
    """Answer for the machine."""
    builtins.open = io.open = open
    open.__module__, open.__doc__ = "_io", _real_open.__doc__
    os.listdir, os.scandir = _listdir, _scandir
    os._exit, os.times = _exit, _times
    time.process_time, time.process_time_ns = _own_time, _own_time_ns
    time.thread_time, time.thread_time_ns = _own_time, _own_time_ns
    sys.executable = ""
    if sys.platform == "wasi" and _real_setlocale is not None:
        vars(locale)["_setlocale"] = _setlocale
        if "_locale" in sys.modules:
            vars(sys.modules["_locale"])["setlocale"] = _setlocale
    if sys.platform == "wasi":
        _without_terminal()
