"""Turns while the image is prepared: they warm the interpreter up and leave nothing behind."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import closing, display, door, entry, interpreter, turns
from .script import FILENAME


@contextmanager
def rehearsal() -> Iterator[Callable[[bytes], bytes]]:
    """Inside, call the function this gives with a request: it returns the answer, and the host
    hears nothing.
    """
    answers: list[bytes] = []
    host = door.call
    main, arguments, environ = sys.modules["__main__"], list(sys.argv), dict(os.environ)

    def turn(request: bytes) -> bytes:
        display.reset()
        turns.forget()
        entry.turn(request)
        answer = answers.pop()
        answers.clear()  # What it displayed.
        return answer

    def answer(frame: bytes, /) -> bytes:
        answers.append(frame)
        return b""

    door.call = answer
    try:
        yield turn
    finally:
        door.call = host
        sys.modules["__main__"] = main
        sys.modules.pop("script", None)
        linecache.cache.pop(FILENAME, None)
        sys.argv[:] = arguments
        os.environ.clear()
        os.environ.update(environ)
        closing.keep(None)
        display.reset()
        interpreter.fill_reserve()
