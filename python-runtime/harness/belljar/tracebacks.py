"""Tell what stopped a script: the message, the traceback of its own frames, the line.

Exceptions are objects of the script's, so any of their attributes may lie, raise or be
missing. The standard library's formatter does the work; if it can't, `_briefly` says less.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from traceback import TracebackException, clear_frames
from types import TracebackType
from typing import Any, NamedTuple

from .script import FILENAME, restore_source

_LONGEST_MESSAGE = 8 * 1024
_LONGEST_TRACEBACK = 64 * 1024

#: What the traceback module advises where there is no `site` module, as in the sandbox.
_SITE_ADVICE = (
    ". Site initialization is disabled, did you forget to add the site-packages directory"
    " to sys.path or to enable your virtual environment?"
)
_SCRIPT_PREFIX = "script."
#: Files of this package.
_OWN_PREFIX = "<belljar."

# Looked up on the types that own them: a class may override both for its instances.
_traceback_of: Callable[[BaseException], TracebackType | None]
_traceback_of = vars(BaseException)["__traceback__"].__get__
_qualname_of: Callable[[type], str] = vars(type)["__qualname__"].__get__


class Description(NamedTuple):
    """What a fault says about an exception."""

    message: str
    traceback: str
    line: int | None = None
    column: int | None = None


def describe(error: BaseException) -> Description:
    """Describe an exception that came out of a running script."""
    trace = None
    try:
        trace = _traceback_of(error)
        return _in_full(error, trace)
    except MemoryError:
        # The frames keep alive what filled the memory.
        if trace is not None:
            clear_frames(trace)
        return _briefly(error, trace)
    except BaseException:
        return _briefly(error, trace)


def of_compiler(error: BaseException) -> Description:
    """Describe why a script does not compile."""
    if not isinstance(error, SyntaxError):
        # Text with null bytes, not UTF-8 at all; or nested too deeply for parser or compiler.
        too_deep = isinstance(error, (RecursionError, MemoryError))
        name = type(error).__name__ if too_deep else "SyntaxError"
        message = f"{name}: {_plain_text(error) or 'the script is too complex to compile'}"
        return Description(message, message + "\n")
    name = type(error).__name__
    formatted = TracebackException(type(error), error, None, lookup_lines=False)
    text = "".join(formatted.format_exception_only())
    return Description(
        _cut(f"{name}: {_plain_text(error)}", _LONGEST_MESSAGE),
        _cut(text, _LONGEST_TRACEBACK),
        error.lineno or None,
        error.offset or None,
    )


class _ScriptException(TracebackException):
    """A formatted exception of the script, in the script's terms.

    Its classes go by their plain names, as they do when the script is the main program.
    """

    #: Frames of libraries that its traceback does not show.
    left_out = 0

    def format_exception_only(self, *args: Any, **options: Any) -> Generator[str, None, None]:
        if self.left_out:
            plural = "s" if self.left_out > 1 else ""
            yield f"  [{self.left_out} frame{plural} of libraries left out]\n"
        chunks = super().format_exception_only(*args, **options)
        for chunk in chunks:
            yield chunk.removeprefix(_SCRIPT_PREFIX).replace(_SITE_ADVICE, "")
            break
        yield from chunks


def _in_full(error: BaseException, trace: TracebackType | None) -> Description:
    restore_source()
    formatted = TracebackException(type(error), error, trace, lookup_lines=False, compact=True)
    _keep_script_frames(formatted)
    name = _type_name(type(error))
    detail = str(formatted).replace(_SITE_ADVICE, "")
    return Description(
        _cut(f"{name}: {detail}" if detail else name, _LONGEST_MESSAGE),
        _cut("".join(formatted.format()), _LONGEST_TRACEBACK),
        _innermost_line(trace),
    )


def _keep_script_frames(formatted: TracebackException) -> None:
    """Drop the frames of libraries, and count them, and those of this package, in every exception
    of the chain.
    """
    pending = [formatted]
    while pending:
        exception = pending.pop()
        exception.__class__ = _ScriptException
        others = [frame.filename for frame in exception.stack if frame.filename != FILENAME]
        exception.stack[:] = [frame for frame in exception.stack if frame.filename == FILENAME]
        exception.left_out = sum(not name.startswith(_OWN_PREFIX) for name in others)  # type: ignore[attr-defined]
        pending.extend(
            linked for linked in (exception.__cause__, exception.__context__) if linked is not None
        )
        pending.extend(exception.exceptions or ())


def _briefly(error: BaseException, trace: TracebackType | None) -> Description:
    """Describe an exception without trusting it, or any module the script can reach."""
    name = _type_name(type(error))
    detail = _plain_text(error)
    message = _cut(f"{name}: {detail}" if detail else name, _LONGEST_MESSAGE)
    try:
        line = _innermost_line(trace)
    except BaseException:
        line = None
    where = "" if line is None else f'  File "{FILENAME}", line {line}\n'
    return Description(message, f"Traceback (most recent call last):\n{where}{message}\n", line)


def _innermost_line(trace: TracebackType | None) -> int | None:
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILENAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _type_name(kind: type) -> str:
    """The name CPython would print, or the best there is."""
    try:
        name = _qualname_of(kind)
        module = kind.__module__
        if type(module) is str and module not in ("builtins", "__main__", "script"):
            return f"{module}.{name}"
        return name
    except BaseException:
        return "Exception"


def _plain_text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))
    except BaseException:
        return "<exception str() failed>"


def _cut(text: str, most: int) -> str:
    """Shorten a text in the middle: what happened last is told last."""
    if len(text) <= most:
        return text
    head = most // 4
    tail = most - head
    return f"{text[:head]}\n... [{len(text) - most} characters left out] ...\n{text[-tail:]}"
