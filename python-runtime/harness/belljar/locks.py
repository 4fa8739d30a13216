"""Locks for threads that take turns.

The locks of the interpreter itself end the sandbox when a script waits for one that is taken: no
other thread can ever release it. These let others run until one does; if none will, they wait until
the timeout, or say that waiting is in vain.
"""

from __future__ import annotations

import _thread
import queue
import threading
from time import monotonic

from . import turns


class Lock:
    """`threading.Lock` for threads of which one runs at a time."""

    __slots__ = ("__weakref__", "_locked")

    def __init__(self) -> None:
        self._locked = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not self._locked:
            self._locked = True
            return True
        if not blocking:
            if timeout != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            return False
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        deadline = None if timeout == -1 else monotonic() + timeout
        if turns.wait(self._is_free, deadline):
            self._locked = True
            return True
        return False

    def _is_free(self) -> bool:
        return not self._locked

    def release(self) -> None:
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False

    def locked(self) -> bool:
        return self._locked

    def _at_fork_reinit(self) -> None:
        """What the standard library calls in a child process, of which there are none."""
        self._locked = False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self._locked else 'unlocked'} threading.Lock at {id(self):#x}>"


def install() -> None:
    """Give scripts these locks. What is locked already, or made in C, keeps the interpreter's."""
    threading.Lock = Lock  # type: ignore[assignment]
    threading._allocate_lock = Lock  # type: ignore[attr-defined]
    _thread.allocate_lock = Lock  # type: ignore[assignment]
    # The one in C waits on a lock of the interpreter's.
    queue.SimpleQueue = queue._PySimpleQueue  # type: ignore[attr-defined, misc]
