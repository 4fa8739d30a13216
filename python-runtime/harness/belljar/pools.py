"""Pools of threads and of processes, whose tasks take turns in this process.

A pool of processes copies what goes into a task and what comes out of it, as pickling does
elsewhere: a task changes nothing of its caller's.
"""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.thread
import itertools
import multiprocessing
import multiprocessing.context
import multiprocessing.dummy
import multiprocessing.process
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from types import ModuleType
from typing import Any

from . import threads, turns
from .processes import refuse

_names = itertools.count()


class ThreadPoolExecutor(Executor):
    """Runs calls one after the other, each when somebody waits."""

    _prefix = "ThreadPoolExecutor"
    _copies = False

    def __init__(
        self,
        max_workers: int | None = None,
        thread_name_prefix: str = "",
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        **_: object,
    ) -> None:
        if max_workers is None:
            max_workers = min(32, (os.cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._name = thread_name_prefix or f"{self._prefix}-{next(_names)}"
        self._initializer, self._initargs = initializer, initargs
        self._workers: list[threading.Thread] = []
        self._initialized: set[threading.Thread] = set()
        self._futures: list[Future[Any]] = []
        self._shutdown = False
        self._count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[Any] = Future()
        if self._copies:
            fn, args, kwargs = _copy((fn, args, kwargs))
        worker = self._worker()
        self._futures.append(future)
        threads.begin(worker, lambda: self._run(worker, future, fn, args, kwargs))
        return future

    submit.__text_signature__ = "($self, fn, /, *args, **kwargs)"  # type: ignore[attr-defined]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._shutdown = True
        if cancel_futures:
            for future in self._futures:
                future.cancel()
        if wait:
            turns.wait(lambda: all(future.done() for future in self._futures))

    def _worker(self) -> threading.Thread:
        """The thread that the next call runs in: each in its turn."""
        self._count += 1
        if len(self._workers) < self._max_workers:
            name = f"{self._name}_{len(self._workers)}"
            self._workers.append(threading.Thread(name=name, daemon=False))
            return self._workers[-1]
        return self._workers[(self._count - 1) % self._max_workers]

    def _run(
        self, worker: Any, future: Future[Any], fn: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        threads.enter(worker)
        try:
            if not future.set_running_or_notify_cancel():
                return
            if self._initializer is not None and worker not in self._initialized:
                self._initialized.add(worker)
                self._initializer(*self._initargs)
            result = fn(*args, **kwargs)
            future.set_result(_copy(result) if self._copies else result)
        except turns.Stopped:
            future.set_exception(RuntimeError(turns.why_stopped(worker.name)))
            raise
        except BaseException as error:
            trace = error.__traceback__
            future.set_exception(error.with_traceback(trace and trace.tb_next))
        finally:
            threads.leave(worker)


class ProcessPoolExecutor(ThreadPoolExecutor):
    """Runs calls one after the other, on copies."""

    _prefix = "ProcessPoolExecutor"
    _copies = True

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: object = None,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        super().__init__(max_workers or os.cpu_count(), "", initializer, initargs)

    def map(
        self, fn: Any, *iterables: Any, timeout: Any = None, chunksize: int = 1, **_: Any
    ) -> Any:
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        return super().map(fn, *iterables, timeout=timeout)


class AsyncResult:
    """What a call of a `Pool` will give: `multiprocessing.pool.AsyncResult`."""

    def __init__(self, futures: list[Future[Any]], is_one: bool) -> None:
        self._futures, self._is_one = futures, is_one

    def get(self, timeout: float | None = None) -> Any:
        self.wait(timeout)
        if not self.ready():
            raise multiprocessing.TimeoutError
        values = [future.result() for future in self._futures]
        return values[0] if self._is_one else values

    def wait(self, timeout: float | None = None) -> None:
        turns.wait(self.ready, None if timeout is None else time.monotonic() + timeout)

    def ready(self) -> bool:
        return all(future.done() for future in self._futures)

    def successful(self) -> bool:
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return all(future.exception() is None for future in self._futures)


class Pool:
    """`multiprocessing.Pool`, on an executor."""

    _executor_type: type[ThreadPoolExecutor] = ProcessPoolExecutor

    def __init__(
        self,
        processes: int | None = None,
        initializer: Callable[..., object] | None = None,
        initargs: Iterable[Any] = (),
        maxtasksperchild: int | None = None,
        context: object = None,
    ) -> None:
        if processes is not None and processes < 1:
            raise ValueError("Number of processes must be at least 1")
        self._executor = self._executor_type(
            processes or os.cpu_count(), initializer=initializer, initargs=tuple(initargs)
        )

    def apply(self, func: Any, args: Any = (), kwds: Any = None) -> Any:
        return self.apply_async(func, args, kwds).get()

    def apply_async(
        self,
        func: Any,
        args: Any = (),
        kwds: Any = None,
        callback: Any = None,
        error_callback: Any = None,
    ) -> AsyncResult:
        future = self._submit(func, *args, **(kwds or {}))
        return _with_callbacks(AsyncResult([future], True), callback, error_callback)

    def map(self, func: Any, iterable: Iterable[Any], chunksize: int | None = None) -> list[Any]:
        results: list[Any] = self.map_async(func, iterable).get()
        return results

    def map_async(
        self,
        func: Any,
        iterable: Iterable[Any],
        chunksize: int | None = None,
        callback: Any = None,
        error_callback: Any = None,
    ) -> AsyncResult:
        return self.starmap_async(func, zip(iterable), None, callback, error_callback)

    def starmap(
        self, func: Any, iterable: Iterable[Any], chunksize: int | None = None
    ) -> list[Any]:
        results: list[Any] = self.starmap_async(func, iterable).get()
        return results

    def starmap_async(
        self,
        func: Any,
        iterable: Iterable[Any],
        chunksize: int | None = None,
        callback: Any = None,
        error_callback: Any = None,
    ) -> AsyncResult:
        result = AsyncResult([self._submit(func, *args) for args in iterable], False)
        return _with_callbacks(result, callback, error_callback)

    def imap(self, func: Any, iterable: Iterable[Any], chunksize: int = 1) -> Iterator[Any]:
        futures = [self._submit(func, item) for item in iterable]
        return (future.result() for future in futures)

    imap_unordered = imap

    def close(self) -> None:
        self._executor._shutdown = True

    def terminate(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def join(self) -> None:
        if not self._executor._shutdown:
            raise ValueError("Pool is still running")
        self._executor.shutdown()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.terminate()

    def _submit(self, func: Any, *args: Any, **kwds: Any) -> Future[Any]:
        if self._executor._shutdown:
            raise ValueError("Pool not running")
        return self._executor.submit(func, *args, **kwds)


class ThreadPool(Pool):
    """`multiprocessing.pool.ThreadPool`."""

    _executor_type = ThreadPoolExecutor


def _with_callbacks(result: AsyncResult, callback: Any, error_callback: Any) -> AsyncResult:
    """Have the last call that ends report to a callback."""

    def report(_: object) -> None:
        if not result.ready():
            return
        errors = [error for each in result._futures if (error := each.exception()) is not None]
        if errors and error_callback is not None:
            error_callback(errors[0])
        elif not errors and callback is not None:
            callback(result.get())

    if callback is not None or error_callback is not None:
        for future in result._futures:
            future.add_done_callback(report)
    return result


def _copy(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


#: What processes share, and threads of one process, too.
_SHARED = {
    **{name: getattr(threading, name) for name in ("Condition", "Semaphore", "BoundedSemaphore")},
    **{name: getattr(threading, name) for name in ("Event", "Barrier")},
    **{"Queue": queue.Queue, "JoinableQueue": queue.Queue, "SimpleQueue": queue.Queue},
}
#: What there is only between processes.
_REFUSED = ("Manager", "Pipe", "Value", "Array", "RawValue", "RawArray")


def install() -> None:
    """Make these the pools that the standard library has."""
    processes, pool = ModuleType("concurrent.futures.process"), ModuleType("multiprocessing.pool")
    for module, things in (
        (concurrent.futures.thread, (ThreadPoolExecutor,)),
        (processes, (ProcessPoolExecutor,)),
        (concurrent.futures, (ThreadPoolExecutor, ProcessPoolExecutor)),
        (pool, (Pool, ThreadPool, AsyncResult)),
    ):
        for thing in things:
            thing.__module__ = module.__name__
            setattr(module, thing.__name__, thing)
    broken = type("BrokenProcessPool", (concurrent.futures.BrokenExecutor,), {})
    vars(processes)["BrokenProcessPool"] = broken
    vars(pool).update(MapResult=AsyncResult, ApplyResult=AsyncResult)
    vars(concurrent.futures)["process"] = processes
    vars(multiprocessing)["pool"] = pool
    sys.modules.update({processes.__name__: processes, pool.__name__: pool})
    vars(multiprocessing.dummy)["Pool"] = ThreadPool
    shared = {**_SHARED, "Lock": threading.Lock, "RLock": threading.RLock, "Pool": Pool}
    shared.update(dict.fromkeys(_REFUSED, refuse))
    for name, thing in shared.items():
        setattr(multiprocessing, name, thing)
        setattr(multiprocessing.context.BaseContext, name, staticmethod(thing))
    multiprocessing.process.BaseProcess.start = refuse  # type: ignore[method-assign]
