"""Threads in turn: one stack, on which a thread that waits lets others run above it.

The interpreter has one thread, and its stack can't be switched. So a thread that was started waits
for its turn, which comes when another waits: to join it, for a lock, for time to pass. It runs on
top of the one that waits, to its end or until it waits itself, when the next gets its turn above
it. The same script takes the same turns on every run.

What this can't give is to go on with a thread while one above it waits. The one above is stopped
then, where it waits; to join it, or to wait for ever, is an error that says so.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any, NamedTuple

_sleep, _monotonic = time.sleep, time.monotonic

#: What a thread that repeatedly waits for time to pass may wait while one below could go on: a
#: worker that takes its time comes to its end, one that waits for the other does not wait for ever.
PATIENCE = 16

IN_TURN = "threads run one after the other in the sandbox"


class Stopped(BaseException):
    """Ends a thread where it waits, because one below it must go on first."""


class Turn:
    """A thread that has been started."""

    __slots__ = (
        "context",
        "is_daemon",
        "is_over",
        "naps",
        "questions",
        "run",
        "thread",
        "was_stopped",
    )

    def __init__(
        self, thread: Any, run: Callable[[], Any], context: Context | None, is_daemon: bool
    ) -> None:
        self.thread, self.run, self.is_daemon = thread, run, is_daemon
        #: None stands for an empty context, as a new thread has it.
        self.context = context
        self.is_over = self.was_stopped = False
        #: How often it has slept, and how often it was asked whether it still lives.
        self.naps = self.questions = 0


class _Wait(NamedTuple):
    """What a thread waits for: something to be true, or the time when it gives up."""

    is_over: Callable[[], bool]
    deadline: float | None

    def can_end(self, now: float) -> bool:
        return self.is_late(now) or self.is_over()

    def is_late(self, now: float) -> bool:
        return self.deadline is not None and self.deadline <= now


#: Threads that wait for their turn: to see that there are none costs nothing.
pending: deque[Turn] = deque()
#: Threads that run, each on top of what the one before it waits for. Without any, the main thread
#: runs, and waits for nothing.
_running: list[Turn] = []
_waits: list[_Wait] = []


def current() -> Turn | None:
    """The thread that runs, None for the main thread."""
    return _running[-1] if _running else None


def wait(is_over: Callable[[], bool], deadline: float | None = None) -> bool:
    """Let others run until something is true; False if the deadline passes first."""
    while not is_over():
        if pending:
            run_next(_Wait(is_over, deadline))
            continue
        now = _monotonic()
        if deadline is not None and deadline <= now:
            return False
        if any(below.can_end(now) for below in _waits):
            _let_below_go_on(deadline, now)
        deadlines = [below.deadline for below in (*_waits, _Wait(is_over, deadline))]
        known = [each for each in deadlines if each is not None and each > now]
        if not known:
            raise RuntimeError(f"waiting for ever: {IN_TURN}, and no other can end this wait")
        _sleep(min(known) - now)
    return True


def sleep(seconds: float, /) -> None:
    """Let others run for a while. In a thread it is the first naps that are only naps: threads
    that sleep at work come to their ends in the order of their starts.
    """
    turn = current()
    if seconds < 0 or (turn is None and not pending):
        return _sleep(seconds)
    deadline = _monotonic() + seconds
    if turn is not None:
        turn.naps += 1
        if turn.naps <= PATIENCE and not turn.is_daemon:
            return _sleep(seconds)
    wait(_never, deadline)


def run_next(below: _Wait | None = None) -> None:
    """Give the first that is pending its turn, above a thread that waits."""
    turn = pending.popleft()
    _running.append(turn)
    if below is not None:
        _waits.append(below)
    try:
        context = Context() if turn.context is None else turn.context
        context.run(turn.run)
    except Stopped:
        turn.was_stopped = True
    finally:
        turn.is_over = True
        _running.pop()
        if below is not None:
            _waits.pop()


def finish() -> None:
    """Let all that were started come to their ends, as at the end of a program. A daemon gets no
    further than to where it waits.
    """
    while pending:
        run_next(_Wait(_always, None) if pending[0].is_daemon else None)


def forget() -> None:
    """As a fresh sandbox has it."""
    pending.clear()
    del _running[:], _waits[:]


def why_stopped(name: str) -> str:
    """What to say of a thread that was stopped, to those who wait for it."""
    return (
        f"{name} was stopped where it waited for what another thread had still to do: {IN_TURN},"
        " and one that waits can go on only when those that were started later have ended"
    )


def _let_below_go_on(deadline: float | None, now: float) -> None:
    """Stop the thread that runs, because one below can go on; but not one that only waits for a
    while, until it has done so too often.
    """
    turn = _running[-1]
    turn.naps += 1
    is_late = any(below.is_late(now) for below in _waits)
    if deadline is None or turn.naps > PATIENCE or (turn.is_daemon and is_late):
        raise Stopped


def _never() -> bool:
    return False


def _always() -> bool:
    return True
