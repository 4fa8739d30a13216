"""`threading` for threads that take turns."""

from __future__ import annotations

import _thread
import _threading_local
import itertools
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from . import turns
from .turns import Turn

_main_ident = threading.get_ident()
#: Far from any identifier that the interpreter gives itself.
_idents = itertools.count(_main_ident + 1000)

_is_alive, _join = threading.Thread.is_alive, threading.Thread.join
_put = queue.Queue.put


def get_ident() -> int:
    """The identifier of the thread that runs."""
    turn = turns.current()
    return _main_ident if turn is None else turn.thread._ident


def begin(thread: Any, run: Callable[[], Any], context: Any = None) -> Turn:
    """Have a thread's turn come."""
    turn = Turn(thread, run, context, thread.daemon)
    turns.pending.append(turn)
    return turn


def enter(thread: Any) -> None:
    """Give a thread its identity: from now on it is one of those that are alive."""
    thread._ident = thread._ident or next(_idents)
    threading._active[thread._ident] = thread  # type: ignore[attr-defined]


def leave(thread: Any) -> None:
    """A thread is alive no more."""
    threading._active.pop(thread._ident, None)  # type: ignore[attr-defined]


def _start(self: Any) -> None:
    """Start the thread: it runs when this one, or another, waits."""
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    self._started.set()
    enter(self)
    self._turn = begin(self, lambda: _run(self), getattr(self, "_context", None))


def _run(self: Any) -> None:
    try:
        self.run()
    except turns.Stopped:
        raise
    except BaseException as error:
        # Without this package's frame, which is no business of the script's.
        trace = error.__traceback__
        error.__traceback__ = trace and trace.tb_next
        self._invoke_excepthook(self)
    finally:
        leave(self)


def _wait_for(self: Any, timeout: float | None = None) -> None:
    """Wait until the thread has ended: `Thread.join`."""
    turn = getattr(self, "_turn", None)
    if turn is None:
        return _join(self, timeout)
    if self is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    deadline = None if timeout is None else time.monotonic() + max(timeout, 0)
    turns.wait(lambda: turn.is_over, deadline)
    if turn.was_stopped:
        raise RuntimeError(turns.why_stopped(self.name))


def _lives(self: Any) -> bool:
    """Whether the thread has not ended: `Thread.is_alive`. To ask again is to wait for it."""
    turn = getattr(self, "_turn", None)
    if turn is None:
        return _is_alive(self)
    turn.questions += 1
    if turn.questions > 1 and turns.pending:
        turns.wait(lambda: turn.is_over, time.monotonic())
    return not turn.is_over


def _repr(self: Any) -> str:
    turn = getattr(self, "_turn", None)
    is_main = self is threading.main_thread()
    status = "stopped" if turn and turn.is_over else "started" if turn or is_main else "initial"
    daemon = " daemon" if self.daemon else ""
    ident = "" if self._ident is None else f" {self._ident}"
    return f"<{type(self).__name__}({self.name}, {status}{daemon}{ident})>"


def _start_new_thread(function: Any, args: Any, kwargs: Any = None, /) -> int:
    thread = threading.Thread(target=function, args=args, kwargs=kwargs or {}, daemon=True)
    thread.start()
    ident: int = thread._ident  # type: ignore[attr-defined]
    return ident


def _put_unbounded(self: Any, item: Any, block: bool = True, timeout: float | None = None) -> None:
    """Put an item into a queue. That a queue is full holds up a thread that is too fast for
    another, which here would never come to take anything out.
    """
    size = self.maxsize
    if size <= 0 or not block or timeout is not None or not (turns.pending or turns.current()):
        return _put(self, item, block, timeout)
    self.maxsize = 0
    try:
        _put(self, item)
    finally:
        self.maxsize = size


def install() -> None:
    """Make these the threads of `threading`. Locks must be installed, too."""
    module, kind = vars(threading), threading.Thread
    for name, method in (
        ("start", _start),
        ("join", _wait_for),
        ("is_alive", _lives),
        ("__repr__", _repr),
    ):
        method.__name__ = name
        method.__qualname__ = f"Thread.{name}"
        setattr(kind, name, method)
    module["get_ident"] = _thread.get_ident = get_ident
    module["get_native_id"] = _thread.get_native_id = get_ident
    # The one in C knows but one thread, to which it always opens.
    module["_CRLock"] = None
    module["local"] = _threading_local.local
    _thread.start_new_thread = _thread.start_new = _start_new_thread
    time.sleep = turns.sleep  # type: ignore[assignment]
    queue.Queue.put = _put_unbounded  # type: ignore[method-assign]
