"""Run a script as the host would, and leave the test process as it was."""

from __future__ import annotations

import asyncio
import builtins
import gc
import io
import json
import linecache
import os
import struct
import sys
import traceback
import types
import warnings
from dataclasses import dataclass
from typing import Any

from belljar import closing, display, door, entry, interpreter, turns, zone

_HEADER = struct.Struct("<BBBBQIII")
_FUNCTION, _PROGRAM = 0, 1

#: Modules that tests let scripts deface.
_DEFACED = (asyncio, builtins, json, json.encoder, linecache, sys, traceback, types, warnings)
_DEFACED_METHODS = ((traceback.StackSummary, "format"),)


@dataclass
class Outcome:
    """Everything the host gets to see of a run."""

    answer: bytes
    stdout: str
    stderr: str
    #: What was displayed: media type, data, words. And whether something was left out.
    items: list[tuple[str, bytes, str]]
    is_cut: bool

    @property
    def text(self) -> str:
        """The JSON text of the returned value."""
        assert self.answer[:1] == b"\x01", self
        return self.answer[1:].decode()

    @property
    def value(self) -> Any:
        return json.loads(self.text, parse_constant=_refuse)

    @property
    def fault(self) -> dict[str, Any]:
        assert self.answer[:1] == b"\x02", self
        fault: dict[str, Any] = json.loads(self.answer[1:], parse_constant=_refuse)
        return fault

    @property
    def exit_code(self) -> int:
        assert self.answer[:1] == b"\x03", self
        return int(self.answer[1:])

    def fails_with(self, kind: str, message: str) -> None:
        """Assert the kind and the whole message of a fault."""
        assert (self.fault["kind"], self.fault["message"]) == (kind, message), self.fault


def function(script: str | bytes, **request: Any) -> Outcome:
    """Run a script in function mode."""
    return run_frame(frame(script, _FUNCTION, **request))


def program(script: str | bytes, **request: Any) -> Outcome:
    """Run a script in program mode."""
    return run_frame(frame(script, _PROGRAM, **request))


def returned(expression: str, imports: str = "") -> Outcome:
    """Run a `main` that returns the value of an expression."""
    return function(f"{imports}\ndef main():\n    return {expression}\n")


def frame(
    script: str | bytes,
    mode: int,
    *,
    input_text: str | None = None,
    options: dict[str, Any] | None = None,
    seed: int | None = None,
    shows: bool = True,
) -> bytes:
    """A request frame as the host builds it."""
    body = script.encode() if isinstance(script, str) else script
    input_bytes = b"" if input_text is None else input_text.encode()
    options_bytes = b"" if options is None else json.dumps(options).encode()
    flags = (seed is not None) | (input_text is not None) << 1 | (options is not None) << 2
    flags |= (not shows) << 3
    lengths = len(body), len(input_bytes), len(options_bytes)
    header = _HEADER.pack(1, mode, flags, 0, seed or 0, *lengths)
    return header + body + input_bytes + options_bytes


def run_frame(request: bytes, stdin: bytes = b"") -> Outcome:
    """One turn; there must be exactly one answer."""
    answers: list[bytes] = []
    stdin_pipe, stdout, stderr = _Pipe(stdin), _Pipe(), _Pipe()
    before = _Interpreter()
    streams = sys.stdin, sys.stdout, sys.stderr = _streams(stdin_pipe, stdout, stderr)
    display.reset()
    turns.forget()

    def take(answer: bytes) -> bytes:
        answers.append(answer)
        return b""

    host, door.call = door.call, take
    try:
        closing.adopt_streams()
        assert entry.turn(request) == (0, False)
    finally:
        door.call = host
        before.restore()
        closing.adopt_streams()
        for stream in streams:
            vars(stream).clear()  # A method the script put there would run when it is freed.
    shown = [answer for answer in answers if answer[:1] in b"\x04\x05"]
    *others, answer = answers
    assert answer not in shown and others == shown, answers
    items = [_item(each) for each in shown if each[:1] == b"\x04"]
    return Outcome(answer, stdout.text(), stderr.text(), items, len(items) < len(shown))


def _item(sent: bytes) -> tuple[str, bytes, str]:
    kind, alt = struct.unpack_from("<BI", sent, 1)
    rest = sent[6:]
    return rest[:kind].decode(), rest[kind + alt :], rest[kind : kind + alt].decode()


class _Pipe(io.BytesIO):
    """Bytes that stay readable when the script closes its stream."""

    def close(self) -> None:
        pass

    def text(self) -> str:
        return self.getvalue().decode("utf-8")


def _streams(stdin: _Pipe, stdout: _Pipe, stderr: _Pipe) -> tuple[io.TextIOWrapper, ...]:
    """Standard streams, set up as the environment sets up the real ones."""
    return (
        io.TextIOWrapper(stdin, "utf-8", errors="replace"),
        io.TextIOWrapper(stdout, "utf-8", errors="backslashreplace", line_buffering=True),
        io.TextIOWrapper(stderr, "utf-8", errors="backslashreplace", line_buffering=True),
    )


class _Interpreter:
    """What a script may change in the interpreter it shares with the tests."""

    def __init__(self) -> None:
        self._contents = [(vars(module), dict(vars(module))) for module in _DEFACED]
        self._classes = [(cls, name, vars(cls)[name]) for cls, name in _DEFACED_METHODS]
        self._modules = dict(sys.modules)
        self._environ = dict(os.environ)
        self._arguments = list(sys.argv)
        self._limits = sys.getrecursionlimit(), sys.get_int_max_str_digits()

    def restore(self) -> None:
        # No library call may come before this: a script can leave a library without builtins.
        any(map(interpreter.free_tool, interpreter.TOOLS))
        for current, original in self._contents:
            dict.clear(current)
            dict.update(current, original)
        for cls, name, method in self._classes:
            setattr(cls, name, method)
        sys.modules.pop("script", None)
        sys.modules.update(self._modules)
        sys.settrace(None)
        sys.setprofile(None)
        sys.setrecursionlimit(self._limits[0])
        sys.set_int_max_str_digits(self._limits[1])
        sys.argv[:] = self._arguments
        os.environ.clear()
        os.environ.update(self._environ)
        zone.tzset()
        gc.enable()


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is not JSON")
