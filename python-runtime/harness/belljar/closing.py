"""The end of a script: its exit callbacks run and its streams are flushed.

The interpreter itself is never finalised, its memory is thrown away instead; so this is all of
CPython's shutdown that a script can notice.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable

from . import turns

_pending_callbacks = atexit._ncallbacks
_run_callbacks = atexit._run_exitfuncs
_sys_names = vars(sys)

_stdout: object
_stderr: object
_flush_stdout: Callable[[], None]
_flush_stderr: Callable[[], None]
_write_stderr: Callable[[str], int]
_kept: object = None


def keep(thing: object) -> None:
    """Keep what a script returned or raised until its sandbox is gone.

    To free it would take time, could run the script's finalisers, and ends the sandbox if it is
    nested so deeply that freeing it exhausts the stack: not before the answer is out.
    """
    global _kept
    _kept = thing


def adopt_streams() -> None:
    """Take today's stdout and stderr for those a script starts with.

    Their methods are bound now: a script may put another `flush` on the stream itself.
    """
    global _stdout, _flush_stdout, _stderr, _flush_stderr, _write_stderr
    _stdout, _flush_stdout = sys.stdout, sys.stdout.flush
    _stderr, _flush_stderr, _write_stderr = sys.stderr, sys.stderr.flush, sys.stderr.write


def forget_callbacks() -> None:
    """Drop what libraries registered while the image was prepared: only a script's own run."""
    atexit._clear()


def close() -> None:
    """Let threads end, run the exit callbacks, flush the streams. Nothing that goes wrong here is
    raised.
    """
    if turns.pending:
        try:
            turns.finish()
        except BaseException:
            pass  # The thread has reported it on stderr.
    if _pending_callbacks():
        try:
            _run_callbacks()
        except BaseException:
            pass  # The interpreter has reported it on stderr.
    if _sys_names.get("stdout") is not _stdout:
        _flush_replacement("stdout")
    if _sys_names.get("stderr") is not _stderr:
        _flush_replacement("stderr")
    _flush(_flush_stdout)
    _flush(_flush_stderr)


def write_error(text: str) -> None:
    """Write to the script's stderr, or to the original one if the script broke it."""
    try:
        _sys_names["stderr"].write(text)
    except BaseException:
        try:
            _write_stderr(text)
        except BaseException:
            pass  # Closed for good: there is nowhere left to say it.


def _flush_replacement(name: str) -> None:
    """Flush what the script put in a stream's place; it may buffer for the original."""
    try:
        _sys_names[name].flush()
    except BaseException:
        pass  # Nothing in its place, or nothing that can be flushed.


def _flush(flush: Callable[[], None]) -> None:
    try:
        flush()
    except BaseException:
        pass  # The script has closed or detached it.


adopt_streams()
