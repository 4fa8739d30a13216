//! Data that nests deeply: to free it, to print it, to convert it.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "unpickling deep tuples",
        script: "
import pickle
def main(): pickle.loads(b'(' * 10**6 + b't' * 10**6 + b'.')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a list a million deep",
        script: "
def main():
    a = []
    for _ in range(10**6): a = [a]
    del a
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a tuple a million deep",
        script: "
def main():
    a = ()
    for _ in range(10**6): a = (a,)
    del a
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a linked list a million long",
        script: "
class N:
    def __init__(self, n): self.next = n
def main():
    a = None
    for _ in range(10**6): a = N(a)
    del a
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a chain of closures",
        script: "
def wrap(f): return lambda: f
def main():
    f = None
    for _ in range(10**6): f = wrap(f)
    del f
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a chain of iterators",
        script: "
def main():
    it = iter(())
    for _ in range(10**6): it = filter(None, it)
    del it
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing a chain of exceptions",
        script: "
def main():
    e = None
    for _ in range(10**6):
        n = ValueError()
        n.__context__ = e
        e = n
    del e, n
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "freeing deep object arrays",
        script: "
import numpy as np
def main():
    a = None
    for _ in range(3 * 10**5):
        b = np.empty(1, object)
        b[0] = a
        a = b
    del a, b
    return 'freed'",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "a result a million deep",
        script: "
def main():
    a = []
    for _ in range(10**6): a = [a]
    return a",
        may: May::Fail(&["not_serializable", "stack_overflow", "fuel_exhausted"]),
    },
    Hostile {
        name: "raising a chain of a hundred thousand exceptions",
        script: "
def main():
    e = None
    for _ in range(10**5):
        n = ValueError()
        n.__context__ = e
        e = n
    raise n",
        may: May::Fail(&["exception", "stack_overflow", "fuel_exhausted"]),
    },
    Hostile {
        name: "nested groups in a regular expression",
        script: "
import re
def main(): re.compile('(' * 5000 + ')' * 5000)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "nested exception groups",
        script: "
def main():
    e = ValueError()
    for _ in range(10**5): e = ExceptionGroup('g', [e])
    raise e",
        may: May::Fail(&["exception", "stack_overflow", "fuel_exhausted"]),
    },
    Hostile {
        name: "nested xml",
        script: "
import xml.etree.ElementTree as E
def main(): E.fromstring('<a>' * 10**5 + '</a>' * 10**5)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "nested string formats",
        script: "
def main(): return '{:{:{:{}}}}'.format(1, 2, 3, 4)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "nested numpy lists",
        script: "
import numpy as np
def main():
    a = []
    for _ in range(10**5): a = [a]
    np.array(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "nested dtypes",
        script: "
import numpy as np
def main():
    d = np.dtype('i4')
    for _ in range(5000): d = np.dtype([('a', d)])
    return str(d)[:3]",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "nested generic types",
        script: "
def main():
    t = int
    for _ in range(10**5): t = list[t]
    return len(repr(t)) > 0",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
];
