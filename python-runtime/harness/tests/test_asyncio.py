"""asyncio in a place without sockets and threads."""

from support import function, program

HEADER = "import asyncio, time\n"


def value_of(body: str) -> object:
    """The value of an async `main` with this body."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return function(f"{HEADER}async def main():\n{lines}").value


def test_sleep_takes_its_time() -> None:
    assert value_of(
        "start = time.monotonic()\nawait asyncio.sleep(0.02)\nreturn time.monotonic() - start >= 0.02"
    )


def test_sleeping_tasks_sleep_together() -> None:
    # One after the other they would take five seconds; a machine that pauses for one is forgiven.
    body = """
start = time.monotonic()
values = await asyncio.gather(*(asyncio.sleep(1, number) for number in range(5)))
return [values, time.monotonic() - start < 4.5]
"""
    assert value_of(body) == [[0, 1, 2, 3, 4], True]


def test_task_groups_collect_and_cancel() -> None:
    body = """
async def work(n):
    await asyncio.sleep(0.001 * n)
    return n
async with asyncio.TaskGroup() as group:
    tasks = [group.create_task(work(n)) for n in (3, 1, 2)]
try:
    async with asyncio.TaskGroup() as group:
        endless = group.create_task(asyncio.sleep(100))
        group.create_task(asyncio.wait_for(asyncio.sleep(100), 0.001))
except* TimeoutError:
    pass
return [[task.result() for task in tasks], endless.cancelled()]
"""
    assert value_of(body) == [[3, 1, 2], True]


def test_timeouts_strike() -> None:
    body = """
try:
    async with asyncio.timeout(0.005):
        await asyncio.sleep(10)
except TimeoutError:
    return "timeout"
"""
    assert value_of(body) == "timeout"


def test_queues_events_and_locks_work() -> None:
    body = """
queue, seen, done, lock = asyncio.Queue(2), [], asyncio.Event(), asyncio.Lock()
async def produce():
    for number in range(5): await queue.put(number)
    done.set()
async def consume():
    while not (done.is_set() and queue.empty()):
        async with lock: seen.append(await queue.get())
await asyncio.gather(produce(), consume())
return seen
"""
    assert value_of(body) == [0, 1, 2, 3, 4]


def test_callbacks_run_in_order_of_time() -> None:
    # "at" is due before "later" however long the machine pauses between two of these lines.
    body = """
loop, order, last = asyncio.get_running_loop(), [], asyncio.Event()
start = loop.time()
loop.call_later(0.004, order.append, "later"), loop.call_later(0.006, last.set)
loop.call_soon_threadsafe(order.append, "threadsafe")
loop.call_at(start + 0.002, order.append, "at"), loop.call_soon(order.append, "soon")
await last.wait()
return order
"""
    assert value_of(body) == ["threadsafe", "soon", "at", "later"]


def test_threads_and_executors_run_inline() -> None:
    body = """
from concurrent.futures import ThreadPoolExecutor
loop = asyncio.get_running_loop()
with ThreadPoolExecutor() as pool:
    values = [await asyncio.to_thread(pow, 2, 5), await loop.run_in_executor(None, len, "abc"), await loop.run_in_executor(pool, sum, (1, 2))]
try:
    await asyncio.to_thread(lambda: 1 / 0)
except ZeroDivisionError:
    return values
"""
    assert value_of(body) == [32, 3, 3]


def test_waiting_for_ever_is_an_error_at_once() -> None:
    fault = function(HEADER + "async def main(): await asyncio.Event().wait()").fault
    assert (
        fault["message"]
        == "RuntimeError: asyncio: every task waits for something that can never happen here"
    )


def test_a_program_may_use_asyncio_in_any_of_its_ways() -> None:
    for statement in (
        "asyncio.run(work())",
        "asyncio.new_event_loop().run_until_complete(work())",
        "asyncio.SelectorEventLoop().run_until_complete(work())",
        "with asyncio.Runner() as runner: runner.run(work())",
        "asyncio.run(work(), debug=True)",
        "loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); asyncio.get_event_loop().run_until_complete(work()); loop.close()",
    ):
        outcome = program(
            f"{HEADER}async def work():\n    await asyncio.sleep(0)\n    print('done')\n{statement}\n"
        )
        assert (outcome.exit_code, outcome.stdout) == (0, "done\n"), (statement, outcome)


def test_an_exception_in_a_task_keeps_its_line() -> None:
    fault = function(
        HEADER
        + "async def fail():\n    await asyncio.sleep(0)\n    raise ValueError('late')\nasync def main():\n    await asyncio.gather(fail())"
    ).fault
    assert (fault["message"], fault["line"]) == ("ValueError: late", 4)
    assert "asyncio/" not in fault["traceback"]


def test_async_generators_and_contexts_are_closed() -> None:
    body = """
closed = []
async def numbers():
    try:
        for number in range(10): yield number
    finally:
        closed.append(True)
async for number in numbers():
    if number == 2: break
await asyncio.sleep(0)
return number
"""
    assert value_of(body) == 2


def test_network_and_subprocesses_fail_as_ordinary_exceptions() -> None:
    for call in (
        "asyncio.open_connection('localhost', 9)",
        "asyncio.create_subprocess_exec('true')",
    ):
        assert function(f"{HEADER}async def main(): await {call}").fault["kind"] == "exception", (
            call
        )


def test_sys_exit_inside_a_task_is_an_exit() -> None:
    assert function("import sys\nasync def main(): sys.exit(6)").fault["exit_code"] == 6
