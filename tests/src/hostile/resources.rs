//! Attempts to use up time and room for output, also where limits are easily forgotten.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "an endless loop",
        script: "
def main():
    while True: pass",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop at module level",
        script: "
while True: pass
def main(): pass",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop that catches everything",
        script: "
def main():
    while True:
        try:
            while True: pass
        except BaseException: pass
        finally: main()",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop in a finaliser",
        script: "
class A:
    def __del__(self):
        while True: pass
def main(): A()",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop in an exit callback",
        script: "
import atexit
@atexit.register
def loop():
    while True: pass
def main(): return 1",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop in a result's property",
        script: "
import collections.abc
class S(collections.abc.Sequence):
    def __len__(self): return 10
    def __getitem__(self, i):
        while True: pass
def main(): return S()",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "a result without end",
        script: "
import collections.abc
class S(collections.abc.Sequence):
    def __len__(self): return 10**9
    def __getitem__(self, i): return i
def main(): return S()",
        may: May::Fail(&[
            "fuel_exhausted",
            "timeout",
            "memory_exceeded",
            "result_too_large",
            "exception",
        ]),
    },
    Hostile {
        name: "an endless loop in __str__ of an exception",
        script: "
class E(Exception):
    def __str__(self):
        while True: pass
def main(): raise E",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop in a trace function",
        script: "
import sys
def trace(*a):
    while True: pass
def main():
    sys.settrace(trace)
    main()",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless loop in an audit hook",
        script: "
import sys
def hook(*a):
    while True: pass
sys.addaudithook(hook)
def main(): return 1",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an endless iterator into list",
        script: "
import itertools
def main(): list(itertools.count())",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "an endless loop in C that allocates nothing",
        script: "
import itertools
def main(): sum(itertools.repeat(0))",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "a regular expression that backtracks",
        script: "
import re
def main(): re.match('(a|a)*$', 'a' * 100 + 'b')",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "print without end",
        script: "
def main():
    while True: print('x' * 1000)",
        may: May::Fail(&["output_exceeded"]),
    },
    Hostile {
        name: "print to both streams without end",
        script: "
import sys
def main():
    while True: print('x' * 1000); print('y' * 1000, file=sys.stderr)",
        may: May::Fail(&["output_exceeded"]),
    },
    Hostile {
        name: "print that ignores its failure",
        script: "
import os
def main():
    while True:
        try: os.write(1, b'x' * 10**6)
        except BaseException: pass",
        may: May::Fail(&["output_exceeded"]),
    },
    Hostile {
        name: "writes of a hundred megabytes",
        script: "
import os
def main():
    data = bytes(10**8)
    while True: os.write(1, data)",
        may: May::Fail(&["output_exceeded"]),
    },
    Hostile {
        name: "a hundred thousand empty writes",
        script: "
import os, sys
def main():
    for _ in range(100_000):
        os.write(1, b'')
        os.writev(2, [b''] * 3) if hasattr(os, 'writev') else None",
        may: May::Give("null"),
    },
    Hostile {
        name: "output in an exit callback without end",
        script: "
import atexit
@atexit.register
def loop():
    while True: print('x' * 1000)
def main(): return 1",
        may: May::Fail(&["output_exceeded"]),
    },
    Hostile {
        name: "an error message of megabytes",
        script: "
def main(): raise ValueError('x' * 10**8)",
        may: May::Fail(&["exception", "fuel_exhausted"]),
    },
    Hostile {
        name: "a traceback of thousands of lines",
        script: "
def f(n):
    if n: f(n - 1)
    raise ValueError('y' * 10**6)
def main(): f(900)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "an exception with a million notes",
        script: "
def main():
    e = ValueError()
    e.__notes__ = ['note'] * 10**6
    raise e",
        may: May::Fail(&["exception", "memory_exceeded", "fuel_exhausted"]),
    },
    Hostile {
        name: "an exit message of megabytes",
        script: "
import sys
def main(): sys.exit('x' * 10**7)",
        may: May::Fail(&["exit", "output_exceeded"]),
    },
    Hostile {
        name: "random bytes by the gigabyte",
        script: "
import os
def main(): os.urandom(2**31 - 1)",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "random bytes without end",
        script: "
import os
def main():
    while True: os.urandom(10**7)",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "sleep without end",
        script: "
import time
def main():
    time.sleep(10**7)",
        may: May::Wait,
    },
    Hostile {
        name: "sleep for no time",
        script: "
import time
def main():
    time.sleep(float('nan'))",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "sleep for ever in select",
        script: "
import select
def main():
    select.select([], [], [], 10**6)",
        may: May::Wait,
    },
    Hostile {
        name: "waiting for a lock that is held",
        script: "
import threading
def main():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    raise RuntimeError",
        may: May::Fail(&["timeout", "exception", "fuel_exhausted", "crashed"]),
    },
    Hostile {
        name: "tasks without end",
        script: "
import asyncio
async def spawn():
    while True:
        asyncio.create_task(spawn())
        await asyncio.sleep(0)
async def main(): await spawn()",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "garbage collection without end",
        script: "
import gc
def main():
    a = [[] for _ in range(10**5)]
    while True: gc.collect()",
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
];
