"""Threads, locks and pools: they take turns."""

from support import function, program


def value_of(body: str) -> object:
    """What `main` with this body returns."""
    lines = "\n    ".join(body.strip().splitlines())
    imports = "import threading, queue, time\nfrom threading import *\nfrom queue import Queue"
    outcome = function(f"{imports}\ndef main():\n    {lines}\n")
    assert outcome.stderr == "", outcome
    return outcome.value


def test_threads_run_when_they_are_joined() -> None:
    assert value_of("""
seen = []
threads = [Thread(target=seen.append, args=(i,)) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
return [seen, any(t.is_alive() for t in threads), threading.active_count()]
""") == [[0, 1, 2, 3], False, 1]


def test_threads_that_nobody_joins_run_at_the_end() -> None:
    script = (
        "import threading\nthreading.Thread(target=print, args=('thread',)).start()\nprint('main')"
    )
    assert program(script).stdout == "main\nthread\n"
    result = "import threading\ndef main():\n    seen = []\n    threading.Thread(target=seen.append, args=(1,)).start()\n    return seen"
    assert function(result).value == [1]
    failing = "import threading\nthreading.Thread(target=print, args=('thread',)).start()\n1 / 0"
    assert (program(failing).exit_code, program(failing).stdout) == (1, "thread\n")


def test_a_daemon_goes_no_further_than_to_where_it_waits() -> None:
    script = """
import threading, time
def beat():
    while True:
        print("beat")
        time.sleep(0.02)
threading.Thread(target=beat, daemon=True).start()
time.sleep(0.05)
print("end")
"""
    lines = program(script).stdout.splitlines()
    assert lines[-1] == "end" and 2 <= lines.count("beat") <= 4, lines
    atexit = "import threading, queue\nthreading.Thread(target=lambda: print(1) or queue.Queue().get(), daemon=True).start()"
    assert program(atexit).stdout == "1\n"


def test_locks_and_counters() -> None:
    assert (
        value_of("""
lock, total = RLock(), [0]
def add():
    for _ in range(100):
        with lock:
            with lock:
                total[0] += 1
threads = [Thread(target=add) for _ in range(5)]
for t in threads: t.start()
for t in threads: t.join()
return total[0]
""")
        == 500
    )


def test_producers_and_consumers_in_either_order() -> None:
    for order in ("c, p", "p, c"):
        for size in (0, 1, 3):
            assert value_of(f"""
q, seen = Queue({size}), []
def produce():
    for i in range(10): q.put(i)
    q.put(None)
def consume():
    while (item := q.get()) is not None: seen.append(item)
p, c = Thread(target=produce), Thread(target=consume)
for t in ({order}): t.start()
for t in ({order}): t.join()
return seen
""") == list(range(10)), (order, size)


def test_a_queue_of_work_for_daemons() -> None:
    assert value_of("""
q, seen = Queue(), []
def work():
    while True:
        item = q.get()
        seen.append(item * item)
        q.task_done()
for _ in range(3): Thread(target=work, daemon=True).start()
for i in range(5): q.put(i)
q.join()
return sorted(seen)
""") == [0, 1, 4, 9, 16]


def test_workers_that_give_up_after_a_while_end() -> None:
    assert value_of("""
q, seen = Queue(), []
def work():
    while True:
        try: item = q.get(timeout=0.01)
        except queue.Empty: break
        seen.append(item)
        q.task_done()
    seen.append('end')
threads = [Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for i in range(3): q.put(i)
q.join()
for t in threads: t.join()
return seen
""") == [0, 1, 2, "end", "end"]


def test_events_conditions_barriers_and_semaphores() -> None:
    assert value_of("""
ready, seen = Event(), []
def waits(): ready.wait(); seen.append('waited')
def sets(): seen.append('set'); ready.set()
threads = [Thread(target=waits), Thread(target=sets)]
for t in threads: t.start()
for t in threads: t.join()
return seen
""") == ["set", "waited"]
    assert value_of("""
cond, items = Condition(), []
def consume():
    with cond:
        cond.wait_for(lambda: items)
        return seen.append(items.pop())
def produce():
    with cond: items.append('x'); cond.notify()
seen = []
threads = [Thread(target=consume), Thread(target=produce)]
for t in threads: t.start()
for t in threads: t.join()
return seen
""") == ["x"]
    assert value_of("""
barrier, seen = Barrier(3), []
def meet(i): seen.append(('before', i)); barrier.wait(); seen.append(('after', i))
threads = [Thread(target=meet, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
return [[kind for kind, _ in seen], sorted(i for _, i in seen[3:])]
""") == [["before"] * 3 + ["after"] * 3, [0, 1, 2]]
    assert (
        value_of("""
gate, running, most = Semaphore(2), [0], [0]
def work():
    with gate:
        running[0] += 1; most[0] = max(most[0], running[0])
        time.sleep(0.001)
        running[0] -= 1
threads = [Thread(target=work) for _ in range(5)]
for t in threads: t.start()
for t in threads: t.join()
return most[0] <= 2
""")
        is True
    )


def test_timers_and_waiting_for_them() -> None:
    assert value_of("""
seen = []
timer = Timer(0.01, seen.append, ['timer']); timer.start()
cancelled = Timer(0.01, seen.append, ['never']); cancelled.start(); cancelled.cancel()
time.sleep(0.03)
seen.append('main')
return seen
""") == ["timer", "main"]
    assert value_of("""
done = Event()
Timer(0.01, done.set).start()
return [done.wait(5), Event().wait(0.01)]
""") == [True, False]


def test_asking_again_and_again_is_waiting() -> None:
    assert (
        value_of("""
t = Thread(target=lambda: None); t.start()
first = t.is_alive()
while t.is_alive(): pass
return first
""")
        is True
    )


def test_each_thread_has_its_name_its_locals_and_its_context() -> None:
    assert value_of("""
import contextvars, decimal
local, variable, seen = threading.local(), contextvars.ContextVar('v', default=0), []
local.x = 1; variable.set(1); decimal.getcontext().prec = 5
def look():
    seen.append([hasattr(local, 'x'), variable.get(), decimal.getcontext().prec, current_thread().name])
    local.x = 2
    seen.append(get_ident() == current_thread().ident != main_thread().ident)
t = Thread(target=look, name='worker'); t.start(); t.join()
seen.append([local.x, current_thread().name, get_ident() == main_thread().ident])
return seen
""") == [[False, 0, 28, "worker"], True, [1, "MainThread", True]]


def test_an_error_in_a_thread_is_told_and_no_more() -> None:
    outcome = program(
        "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()\nprint('on')"
    )
    assert (outcome.exit_code, outcome.stdout) == (0, "on\n")
    assert "Exception in thread Thread-" in outcome.stderr
    assert "ZeroDivisionError" in outcome.stderr and "belljar" not in outcome.stderr
    quiet = "import sys, threading\nt = threading.Thread(target=sys.exit)\nt.start()\nt.join()\nprint('on')"
    assert (program(quiet).stdout, program(quiet).stderr) == ("on\n", "")


def test_waiting_for_ever_is_an_error() -> None:
    for wait in (
        "threading.Event().wait()",
        "queue.Queue().get()",
        "queue.SimpleQueue().get()",
        "lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "threading.Barrier(2).wait()",
        "threading.Semaphore(0).acquire()",
    ):
        fault = function(f"import threading, queue\ndef main():\n    {wait}").fault
        assert fault["message"].startswith("RuntimeError: waiting for ever"), (wait, fault)


def test_a_thread_that_can_not_go_on_is_an_error() -> None:
    script = """
import threading, queue
def main():
    q = queue.Queue()
    def work():
        while q.get() is not None: q.task_done()
        print('the end')
    t = threading.Thread(target=work, name='worker'); t.start()
    q.put(1)
    q.join()
    q.put(None)
    t.join()
"""
    fault = function(script).fault
    assert fault["message"].startswith("RuntimeError: worker was stopped where it waited"), fault
    assert "one after the other" in fault["message"]


def test_thread_pools() -> None:
    assert value_of("""
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
with ThreadPoolExecutor(4) as pool:
    mapped = list(pool.map(lambda x: x * x, range(4)))
    futures = {pool.submit(pow, 2, i): i for i in range(3)}
    done = [(futures[f], f.result()) for f in as_completed(futures)]
    failed = pool.submit(lambda: 1 / 0)
    names = set(pool.map(lambda _: current_thread().name.partition('_')[2], range(8)))
    rest = wait([pool.submit(len, 'ab')]).done
late = []
with ThreadPoolExecutor() as pool: pool.submit(late.append, 1)
return [mapped, done, type(failed.exception()).__name__, sorted(names), [f.result() for f in rest], late]
""") == [
        [0, 1, 4, 9],
        [[0, 1], [1, 2], [2, 4]],
        "ZeroDivisionError",
        ["0", "1", "2", "3"],
        [2],
        [1],
    ]
    script = "from concurrent.futures import ThreadPoolExecutor\ndef f(): raise ValueError('x')\ndef main():\n    with ThreadPoolExecutor() as p: return p.submit(f).result()"
    fault = function(script).fault
    assert (fault["message"], fault["line"]) == ("ValueError: x", 2)


def test_tasks_may_wait_for_each_other_and_be_cancelled() -> None:
    assert value_of("""
from concurrent.futures import ThreadPoolExecutor, TimeoutError
with ThreadPoolExecutor(2) as pool:
    later = Event()
    first = pool.submit(later.wait)
    second = pool.submit(later.set)
    third = pool.submit(print)
    return [first.result(), second.done(), third.cancel(), third.cancelled()]
""") == [True, True, True, True]


def test_process_pools_work_on_copies() -> None:
    script = """
import concurrent.futures, multiprocessing
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, cpu_count
from multiprocessing.pool import ThreadPool
class Box:
    def __init__(self): self.items = []
def fill(box): box.items.append(1); return box
def square(x): return x * x
def add(a, b): return a + b
def main():
    box = Box()
    with ProcessPoolExecutor(max_workers=2) as pool:
        filled = pool.submit(fill, box).result()
        squares = list(pool.map(square, range(4), chunksize=2))
    with Pool(2) as pool:
        got = []
        pool.apply_async(square, (5,), callback=got.append).wait()
        return [
            box.items, filled.items, squares, pool.map(square, [1, 2]), pool.starmap(add, [(1, 2)]),
            list(pool.imap(square, [3])), sorted(pool.imap_unordered(square, [2, 1])),
            pool.apply(add, (1, 2)), pool.map_async(square, [3]).get(timeout=1), got,
            ThreadPool(2).map(lambda x: x + 1, [1]), multiprocessing.get_context("spawn").Pool().map(abs, [-1]),
        ]
"""
    outcome = function(script)
    assert outcome.value == [
        [],
        [1],
        [0, 1, 4, 9],
        [1, 4],
        [3],
        [9],
        [1, 4],
        3,
        [9],
        [25],
        [2],
        [1],
    ]


def test_processes_are_refused() -> None:
    script = (
        "import multiprocessing\ndef main():\n    multiprocessing.Process(target=print).start()"
    )
    assert "there are no other processes in the sandbox" in function(script).fault["message"]


def test_asyncio_and_threads() -> None:
    assert value_of("""
import asyncio
from concurrent.futures import ThreadPoolExecutor
async def work():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    Thread(target=lambda: loop.call_soon_threadsafe(future.set_result, 1)).start()
    with ThreadPoolExecutor() as pool:
        return [await future, await loop.run_in_executor(pool, len, 'ab'), await asyncio.to_thread(len, 'abc')]
return asyncio.run(work())
""") == [1, 2, 3]
