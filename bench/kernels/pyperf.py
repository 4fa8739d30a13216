"""Runs one benchmark of pyperformance: what its `pyperf` would do, in one process, and the best counts.

The benchmark and the files beside it are JSON on standard input; the seconds of each kernel are JSON on
standard output. The same program runs in the sandbox and natively.
"""

import argparse
import asyncio
import io
import json
import sys
import time
import types

#: A round lasts at least this long, by repeating the kernel; the best of the rounds counts.
ROUND_SECONDS = 0.05
ROUNDS = 5

#: What each kernel took for one turn of its loop.
seconds: dict[str, float] = {}


def measure(name, run):
    """Times `run(loops)`, which returns its seconds, with as many loops as fill a round."""
    loops = 1
    while (took := run(loops)) < ROUND_SECONDS:
        loops *= 2 if took > ROUND_SECONDS / 8 else 8
    seconds[name] = min(took, *(run(loops) for _ in range(ROUNDS - 1))) / loops


class Runner:
    """As much of pyperf's runner as these benchmarks use."""

    def __init__(self, add_cmdline_args=None, **_):
        self.metadata = {}
        self.argparser = argparse.ArgumentParser()
        self.args = None

    def parse_args(self, args=None):
        self.args = self.argparser.parse_args(args)
        return self.args

    def bench_func(self, name, func, *args, inner_loops=None, **_):
        def run(loops):
            start = time.perf_counter()
            for _ in range(loops):
                func(*args)
            return time.perf_counter() - start

        measure(name, run)

    def bench_time_func(self, name, func, *args, inner_loops=None, **_):
        measure(name, lambda loops: func(loops, *args))

    def bench_async_func(self, name, func, *args, **_):
        async def run(loops):
            start = time.perf_counter()
            for _ in range(loops):
                await func(*args)
            return time.perf_counter() - start

        measure(name, lambda loops: asyncio.run(run(loops)))


def benchmark():
    files = json.load(sys.stdin)
    pyperf = types.ModuleType("pyperf")
    pyperf.Runner = Runner
    pyperf.perf_counter = time.perf_counter
    pyperf.python_implementation = lambda: "cpython"
    sys.modules["pyperf"] = pyperf
    source = files.pop("run_benchmark")
    for name, text in files.items():
        module = types.ModuleType(name)
        sys.modules[name] = module
        exec(compile(text, name + ".py", "exec"), module.__dict__)
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    module.__file__ = "run_benchmark.py"
    stdout, sys.stdout = sys.stdout, io.StringIO()
    exec(compile(source, "run_benchmark.py", "exec"), module.__dict__)
    sys.stdout = stdout
    print(json.dumps(seconds))


benchmark()
