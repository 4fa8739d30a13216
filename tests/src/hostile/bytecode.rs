//! Forged code objects and garbage for deserialisers.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "forged bytecode that pops an empty stack",
        script: "
def f(): pass
def main():
    f.__code__ = f.__code__.replace(co_code=bytes(range(256)) * 8)
    return f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "forged bytecode of random bytes",
        script: "
import random
def f(a, b): return a + b
def main():
    random.seed(1)
    f.__code__ = f.__code__.replace(co_code=random.randbytes(4096), co_stacksize=1)
    return f(1, 2)",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "forged bytecode with another seed",
        script: "
import random
def f(a, b): return a + b
def main():
    random.seed(77)
    f.__code__ = f.__code__.replace(co_code=random.randbytes(4096), co_stacksize=100)
    return f(1, 2)",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "forged constants out of range",
        script: "
import dis
def f(): return 1
def main():
    load = dis.opmap['LOAD_CONST']
    f.__code__ = f.__code__.replace(co_code=bytes([dis.opmap['RESUME'], 0, load, 255, dis.opmap['RETURN_VALUE'], 0]), co_consts=())
    return f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "forged locals out of range",
        script: "
import dis
def f(): return 1
def main():
    load = dis.opmap['LOAD_FAST']
    f.__code__ = f.__code__.replace(co_code=bytes([dis.opmap['RESUME'], 0] + [load, 200] * 100 + [dis.opmap['RETURN_VALUE'], 0]))
    return f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "a forged bytecode loop",
        script: r"
import dis
def f():
    while True: pass
def main():
    code = bytearray(f.__code__.co_code)
    f.__code__ = f.__code__.replace(co_code=bytes(code[:2] + code[2:] * 3), co_stacksize=0, co_exceptiontable=b'\xff' * 50)
    return f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "a forged stack size",
        script: "
def f(): return 1
def main():
    f.__code__ = f.__code__.replace(co_stacksize=2**29)
    return f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "forged line tables",
        script: r"
def f(): 1 / 0
def main():
    f.__code__ = f.__code__.replace(co_linetable=b'\xff' * 1000, co_firstlineno=2**31 - 1)
    f()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "marshal of garbage",
        script: "
import marshal, random
def main():
    random.seed(3)
    for _ in range(20_000):
        try: marshal.loads(bytes([random.choice(b'([{<cstSu)>riITFN')]) + random.randbytes(40))
        except (ValueError, EOFError, TypeError, MemoryError): pass
    return 'read'",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "pickle of garbage",
        script: "
import pickle, random
def main():
    random.seed(3)
    for _ in range(20_000):
        try: pickle.loads(random.randbytes(40))
        except Exception: pass
    return 'read'",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "pickle that calls the system",
        script: r#"
import pickle
def main(): return pickle.loads(b'cos\nsystem\n(S"id"\ntR.')"#,
        may: May::GiveOrFail(&["exception"]),
    },
    Hostile {
        name: "a struct with a huge offset",
        script: "
import struct
def main(): struct.unpack_from('i', b'abcd', 2**31 - 1)",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "a memoryview cast out of shape",
        script: "
def main(): memoryview(b'abcd').cast('B', (2**30, 4))",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
];
