"""Answers that say what went wrong."""

from __future__ import annotations

from . import closing, exits, tracebacks
from .encoder import to_json
from .precise import NotSerializable
from .wire import FAULT

#: When even describing the failure fails: most likely for want of memory. The host knows whether
#: it has refused any.
INDESCRIBABLE = (
    FAULT + b'{"kind":"exception","message":"an exception that can\'t be described",'
    b'"out_of_memory":true}'
)
_INTERNAL = (
    FAULT + b'{"kind":"internal","message":"a failure that can\'t be described",'
    b'"out_of_memory":true}'
)


def fault(kind: str, message: str, **details: str | int | None) -> bytes:
    """An answer of the given kind; details that are None are left out."""
    body: dict[str, str | int] = {"kind": kind, "message": message}
    for name, detail in details.items():
        if detail is not None:
            body[name] = detail
    return FAULT + to_json(body)


def from_exception(error: BaseException) -> bytes:
    """The answer of a script that `error` stopped."""
    try:
        kind = type(error)
        if kind is NotSerializable:
            return fault("not_serializable", str(error))
        if issubclass(kind, SystemExit):
            return _from_exit(error)
        described = tracebacks.describe(error)
        return fault(
            "exception",
            described.message,
            traceback=described.traceback,
            line=described.line,
            out_of_memory=_for_want_of_memory(kind),
        )
    except BaseException:
        return INDESCRIBABLE


def from_compiler(error: BaseException) -> bytes:
    """The answer of a script that does not compile."""
    try:
        described = tracebacks.of_compiler(error)
        if isinstance(error, (RecursionError, MemoryError)):
            # No line is wrong: the whole is too deep or too large for the compiler.
            return fault(
                "exception",
                described.message,
                traceback=described.traceback,
                out_of_memory=_for_want_of_memory(type(error)),
            )
        return fault(
            "syntax_error",
            described.message,
            traceback=described.traceback,
            line=described.line,
            column=described.column,
        )
    except BaseException:
        return INDESCRIBABLE


def internal(error: BaseException) -> bytes:
    """The answer when this package fails, or doesn't understand the host."""
    try:
        return fault(
            "internal",
            tracebacks.describe(error).message,
            out_of_memory=_for_want_of_memory(type(error)),
        )
    except BaseException:
        return _INTERNAL


def _for_want_of_memory(kind: type[BaseException]) -> bool | None:
    """True for `MemoryError` and what is derived from it, like numpy's; else nothing to say."""
    return issubclass(kind, MemoryError) or None


def _from_exit(error: BaseException) -> bytes:
    leaving = exits.read(error)
    if leaving.complaint is not None:
        closing.write_error(leaving.complaint + "\n")
    return fault("exit", f"Script called {leaving.call}", exit_code=leaving.code)
