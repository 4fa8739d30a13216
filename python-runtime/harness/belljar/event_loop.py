"""asyncio where there are no sockets, and threads take turns.

The standard event loop wakes itself through a socket pair, which the sandbox doesn't have. In
here nothing outside the loop can wake it: a loop is a queue of callbacks and a clock, and it
sleeps until the next callback is due.
"""

from __future__ import annotations

import asyncio
import errno
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, NoReturn, TypeVar, TypeVarTuple

from . import turns
from .processes import NO_PROCESSES

_Result = TypeVar("_Result")
_Args = TypeVarTuple("_Args")

_sleep = time.sleep

#: Runs a coroutine to its end, as the script's own `asyncio.run` would.
run = asyncio.run


class _Timer:
    """The place of a selector: waiting for time to pass is all there is to select."""

    def select(self, timeout: float | None) -> list[Any]:
        if turns.pending:
            turns.run_next()
            return []
        if timeout is None:
            # Nothing is due, now or later, and no thread or socket will ever change that.
            raise RuntimeError("asyncio: every task waits for something that can never happen here")
        if timeout > 0:
            _sleep(timeout)
        return []

    def close(self) -> None:
        pass


class SandboxEventLoop(asyncio.BaseEventLoop):
    """Tasks, timers and callbacks in full; I/O, subprocesses and signals raise
    NotImplementedError.

    Executors, and so `asyncio.to_thread`, run their function at once, in the loop's own thread:
    it takes as long, and the result is the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Timer()

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Args], _Result], *args: *_Args
    ) -> asyncio.Future[_Result]:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        future: asyncio.Future[_Result] = self.create_future()
        try:
            result = func(*args)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return future

    async def _make_subprocess_transport(self, *_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.ENOTSUP, NO_PROCESSES)

    def _process_events(self, event_list: list[Any]) -> None:
        """Nothing to process: `_Timer` never selects anything."""

    def _write_to_self(self) -> None:
        """Nobody to wake: whoever calls this runs in the loop's own thread."""


def install() -> None:
    """Make this the event loop that asyncio creates, whichever way it is asked for one."""
    for name in ("EventLoop", "SelectorEventLoop"):
        setattr(asyncio, name, SandboxEventLoop)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # policies end with Python 3.16
        policy = asyncio.get_event_loop_policy()
    type(policy)._loop_factory = SandboxEventLoop  # type: ignore[attr-defined]
