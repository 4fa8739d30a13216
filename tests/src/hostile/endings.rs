//! Odd ways to end, and odd values to return.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "an exit in a trace function",
        script: "
import sys
def trace(*a): raise SystemExit(9)
def main():
    sys.settrace(trace); sys.setprofile(trace)
    return 'mine'",
        may: May::GiveOrFail(&["exception", "exit"]),
    },
    Hostile {
        name: "an audit hook that raises",
        script: "
import sys
def hook(event, args): raise SystemExit(9)
def main():
    sys.addaudithook(hook)
    return 'mine'",
        may: May::GiveOrFail(&["exception", "exit", "crashed"]),
    },
    Hostile {
        name: "exit callbacks that exit",
        script: "
import atexit, sys
atexit.register(sys.exit, 9)
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "an exit callback that ends the interpreter",
        script: "
import atexit, os
atexit.register(os._exit, 9)
def main(): return 'mine'",
        may: May::Fail(&["exit"]),
    },
    Hostile {
        name: "SystemExit with an odd code",
        script: "
class Odd:
    def __str__(self): raise SystemExit(1)
    __repr__ = __int__ = __index__ = __str__
def main(): raise SystemExit(Odd())",
        may: May::Fail(&["exit"]),
    },
    Hostile {
        name: "exit codes beyond every range",
        script: "
import sys
def main(): sys.exit(2**100)",
        may: May::Fail(&["exit"]),
    },
    Hostile {
        name: "os._exit with an odd code",
        script: "
import os
def main(): os._exit(-2**31)",
        may: May::Fail(&["exit", "exception"]),
    },
    Hostile {
        name: "a class as main",
        script: "
class main:
    def __init__(self): raise SystemExit(9)",
        may: May::Fail(&["missing_main"]),
    },
    Hostile {
        name: "a main that deletes itself",
        script: "
def main():
    global main
    del main
    return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "a generator as main",
        script: "
def main():
    yield 1",
        may: May::Fail(&["not_serializable"]),
    },
    Hostile {
        name: "an async generator as main",
        script: "
async def main():
    yield 1",
        may: May::Fail(&["not_serializable"]),
    },
    Hostile {
        name: "KeyboardInterrupt",
        script: "
def main(): raise KeyboardInterrupt",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "GeneratorExit",
        script: "
def main(): raise GeneratorExit",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "an exception that is a class of its own",
        script: "
class E(BaseException):
    def __new__(cls): return 5
    __str__ = __repr__ = None
def main(): raise BaseException.__new__(E)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "a value whose type lies",
        script: "
class L(list):
    __class__ = property(lambda self: 1 / 0)
    def __iter__(self): raise SystemExit(9)
    def __len__(self): return 10**9
class D:
    __class__ = dict
def main(): return [D()]",
        may: May::Fail(&["not_serializable", "exception"]),
    },
    Hostile {
        name: "a dictionary that changes while it is read",
        script: "
class D(dict):
    def items(self):
        while True: yield 'k', self
class K(str): pass
def main(): return D(a=1)",
        may: May::GiveOrFail(&[
            "exception",
            "not_serializable",
            "result_too_large",
            "fuel_exhausted",
            "memory_exceeded",
        ]),
    },
    Hostile {
        name: "a string that lies about its length",
        script: "
class S(str):
    def __len__(self): return 10**9
    def __iter__(self): raise SystemExit(9)
    def encode(self, *a): return b'forged'
def main(): return S('mine')",
        may: May::GiveOrFail(&["exception", "not_serializable"]),
    },
    Hostile {
        name: "integers and floats that lie",
        script: r#"
class I(int):
    def __repr__(self): return '"forged", "x"'
    __str__ = __repr__
class F(float):
    def __repr__(self): return '"forged"'
def main(): return [I(1), F(2)]"#,
        may: May::GiveOrFail(&["exception", "not_serializable"]),
    },
    Hostile {
        name: "a script that closes its streams",
        script: "
import sys, os
def main():
    sys.stdout.close(); sys.stderr.close(); sys.stdin.close()
    return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "a script that replaces its own module",
        script: "
import sys
sys.modules['script'] = sys.modules[__name__] = 5
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "recursive data",
        script: "
def main():
    a = {}
    a['a'] = [a]
    return a",
        may: May::Fail(&["not_serializable"]),
    },
];
