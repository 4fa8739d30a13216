//! Attempts to use up memory.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "a power with a billion digits",
        script: "
def main(): 10 ** 10 ** 9",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a factorial of a million",
        script: "
import math
def main(): return len(bin(math.factorial(10**6)))",
        may: May::GiveOrFail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a huge shift",
        script: "
def main(): 1 << (1 << 40)",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a string of gigabytes",
        script: "
def main(): 'x' * 10**10",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a list of billions",
        script: "
def main(): [0] * 10**9",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a range longer than memory",
        script: "
def main(): list(range(10**18))",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a bytearray of two gigabytes",
        script: "
def main(): bytearray(2**31 - 1)",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a numpy array of terabytes",
        script: "
import numpy as np
def main(): np.zeros(10**12)",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a numpy array of a gigabyte",
        script: "
import numpy as np
def main(): return np.ones(2**27).sum()",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a broadcast of gigabytes",
        script: "
import numpy as np
def main(): np.broadcast_to(0, (10**5, 10**4)).copy()",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a pandas cross join of gigabytes",
        script: "
import pandas as pd
def main():
    d = pd.DataFrame({'k': [0] * 20_000})
    d.merge(d, on='k')",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a format width of gigabytes",
        script: "
def main(): f'{1:>{10**10}}'",
        may: May::Fail(&["memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a decompression bomb",
        script: "
import zlib
def main():
    c = zlib.compressobj(9)
    bomb = b''.join(c.compress(bytes(10**6)) for _ in range(1000)) + c.flush()
    zlib.decompress(bomb)",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "a billion laughs",
        script: r#"
import xml.etree.ElementTree as E
def main():
    e = ''.join(f'<!ENTITY a{n} "' + f'&a{n-1};' * 10 + '">' for n in range(1, 10))
    E.fromstring(f'<!DOCTYPE x [<!ENTITY a0 "ha">{e}]><x>&a9;</x>')"#,
        may: May::GiveOrFail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
    Hostile {
        name: "memory in a loop that catches MemoryError",
        script: "
def main():
    a = []
    while True:
        try: a.append(bytearray(10**6))
        except MemoryError: pass",
        may: May::Fail(&["fuel_exhausted", "timeout", "memory_exceeded"]),
    },
    Hostile {
        name: "memory that is never given back at the end",
        script: "
import atexit, gc
keep = []
def fill():
    while True: keep.append(bytearray(10**6))
atexit.register(fill)
def main(): return 1",
        may: May::GiveOrFail(&["memory_exceeded"]),
    },
    Hostile {
        name: "MemoryError in every exception",
        script: "
class E(Exception):
    def __str__(self): return 'x' * 10**9
def main(): raise E",
        may: May::Fail(&["exception", "memory_exceeded"]),
    },
    Hostile {
        name: "a million descriptors of modules",
        script: "
import types, sys
def main():
    for n in range(10**6): sys.modules[str(n)] = types.ModuleType(str(n))",
        may: May::GiveOrFail(&["fuel_exhausted", "timeout", "memory_exceeded", "exception"]),
    },
];
