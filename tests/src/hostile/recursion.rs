//! Recursion of every kind, most of it with Python's own limit raised: the native stack must end cleanly.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "recursion with a raised limit",
        script: "
import sys
def f(): f()
def main():
    sys.setrecursionlimit(10**9)
    f()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through repr",
        script: "
import sys
def main():
    sys.setrecursionlimit(10**9)
    a = []
    for _ in range(10**6): a = [a]
    repr(a)",
        may: May::Fail(&["stack_overflow", "exception", "fuel_exhausted"]),
    },
    Hostile {
        name: "recursion through comparison",
        script: "
import sys
def main():
    sys.setrecursionlimit(10**9)
    a, b = [], []
    for _ in range(10**6): a, b = [a], [b]
    return a == b",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through hash",
        script: "
import sys
def main():
    sys.setrecursionlimit(10**9)
    a = ()
    for _ in range(10**6): a = (a,)
    return hash(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through __getattr__",
        script: "
import sys
class A:
    def __getattr__(self, name): return getattr(self, name + 'x')
def main():
    sys.setrecursionlimit(10**9)
    A().x",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through __call__",
        script: "
import sys
class A: pass
A.__call__ = A()
def main():
    sys.setrecursionlimit(10**9)
    A()()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through __eq__ and in",
        script: "
import sys
class A:
    def __eq__(self, other): return A() in [other]
def main():
    sys.setrecursionlimit(10**9)
    return A() == A()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through sort keys",
        script: "
import sys
def f(x): return sorted([1, 2], key=f)
def main():
    sys.setrecursionlimit(10**9)
    f(1)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through map",
        script: "
import sys
def main():
    it = iter([1])
    for _ in range(10**6): it = map(abs, it)
    return next(it)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through chain",
        script: "
import itertools
def main():
    it = iter([1])
    for _ in range(10**6): it = itertools.chain(it)
    return next(it)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through zip and enumerate",
        script: "
def main():
    it = iter([1])
    for _ in range(5 * 10**5): it = enumerate(zip(it))
    next(it)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through partial",
        script: "
from functools import partial, reduce
class P(partial): pass
def main():
    f = print
    for _ in range(10**6): f = P(f)
    f()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through generators",
        script: "
import sys
def g(n): yield from g(n + 1)
def main():
    sys.setrecursionlimit(10**9)
    next(g(0))",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through isinstance",
        script: "
def main():
    t = int
    for _ in range(10**6): t = (t,)
    return isinstance('x', t)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through copy",
        script: "
import copy, sys
def main():
    sys.setrecursionlimit(10**9)
    a = []
    for _ in range(10**5): a = [a]
    copy.deepcopy(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through pickle",
        script: "
import pickle, sys
def main():
    sys.setrecursionlimit(10**9)
    a = []
    for _ in range(10**6): a = [a]
    pickle.dumps(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through marshal",
        script: "
import marshal
def main():
    a = []
    for _ in range(10**6): a = [a]
    marshal.dumps(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion through a class that is its own metaclass",
        script: "
import sys
class M(type):
    def __getattribute__(c, n): return getattr(c, n)
class A(metaclass=M): pass
def main():
    sys.setrecursionlimit(10**9)
    A.x",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "a long chain of classes",
        script: "
import sys
def main():
    c = object
    for _ in range(3000): c = type('C', (c,), {})
    return len(c.__mro__)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion in a finaliser",
        script: "
import sys
class A:
    def __del__(self): A()
def main():
    sys.setrecursionlimit(10**9)
    A()
    return 1",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion in an exception handler",
        script: "
import sys
def f():
    try: f()
    except BaseException: f()
    finally: f()
def main():
    sys.setrecursionlimit(10**9)
    f()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "recursion that swallows RecursionError",
        script: "
def f():
    try: f()
    except RecursionError: f()
def main(): f()",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
];
