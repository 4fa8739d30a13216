"""Program mode: the script is a whole program; its exit code is the answer."""

from __future__ import annotations

import sys

from . import closing, exits, interpreter, tracebacks, wire
from .script import compile_script, new_module

_SUCCESS = wire.EXITED + b"0"
_FAILURE = wire.EXITED + b"1"
#: What a shell sees of a Python that was interrupted.
_INTERRUPTED = 130

_default_excepthook = sys.__excepthook__


def run(script: bytes) -> bytes:
    """The answer of a script that runs as `__main__`."""
    try:
        code = compile_script(script)
    except BaseException as error:
        closing.write_error(tracebacks.of_compiler(error).traceback)
        closing.close()
        return _FAILURE
    try:
        exec(code, new_module("__main__"))
        interpreter.reclaim()
        answer = _SUCCESS
    except BaseException as error:
        answer = _FAILURE
        for _ in interpreter.ATTEMPTS:
            try:
                any(map(interpreter.free_tool, interpreter.TOOLS))
                interpreter.restore_recursion_limit()
                answer = _failed(error)
                break
            except BaseException:
                pass  # The script's tracer or profiler; having raised, it is unset.
    closing.close()
    return answer


def _failed(error: BaseException) -> bytes:
    """The answer of a program that `error` ended, who knows where."""
    interpreter.free_reserve()
    closing.keep(error)
    interpreter.reclaim_after_failure()
    return wire.EXITED + b"%d" % _exit_code(error)


def _exit_code(error: BaseException) -> int:
    """The exit code of a program that `error` ended, having said why on stderr."""
    kind = type(error)
    if issubclass(kind, SystemExit):
        leaving = exits.read(error)
        if leaving.complaint is not None:
            closing.write_error(leaving.complaint + "\n")
        return leaving.code
    _report(error)
    return _INTERRUPTED if issubclass(kind, KeyboardInterrupt) else 1


def _report(error: BaseException) -> None:
    """Print an uncaught exception, through the script's own hook if it has set one."""
    hook = getattr(sys, "excepthook", None)
    if hook is not _default_excepthook and hook is not None:
        try:
            hook(type(error), error, error.__traceback__)
            return
        except BaseException as broken:
            text = tracebacks.describe(broken).traceback
            closing.write_error(f"Error in sys.excepthook:\n{text}\nOriginal exception was:\n")
    closing.write_error(tracebacks.describe(error).traceback)
