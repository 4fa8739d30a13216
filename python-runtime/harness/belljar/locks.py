"""Locks for an interpreter that has one thread and never another.

The locks of the interpreter itself end the sandbox when a script waits for one that is taken: no
other thread can ever release it. These wait until the timeout, like with a thread that never
comes; without a timeout they say at once that waiting is in vain.
"""

from __future__ import annotations

import _thread
import queue
import sys
import threading
from time import sleep


class Lock:
    """`threading.Lock` where nobody else can hold it."""

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
        if timeout == -1:
            raise RuntimeError(
                "waiting for a lock that nothing can release: there are no threads in the sandbox"
            )
        if timeout < 0:
            raise ValueError("timeout value must be a non-negative number")
        sleep(timeout)
        return False

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
    threading.Lock = Lock  # type: ignore[misc, assignment]
    threading._allocate_lock = Lock  # type: ignore[attr-defined]
    _thread.allocate_lock = Lock  # type: ignore[assignment]
    if sys.platform == "wasi":
        # The one in C waits on a lock of the interpreter's.
        queue.SimpleQueue = queue._PySimpleQueue  # type: ignore[attr-defined, misc, assignment]
