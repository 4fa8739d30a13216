//! Attacks on the interpreter's own memory: a script that owns the interpreter owns nothing else.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "overwriting all memory with ones",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): memory()[:] = 255",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "overwriting all memory with zeros",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): memory()[:] = 0",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "overwriting memory from the end",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    m = memory()
    for n in range(80 * 10**6, 0, -10**6): m[n:n + 10**6] = 170",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "overwriting the first megabyte",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): memory(8, 10**6)[:] = 255",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "overwriting the address zero",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    memory(1, 4096)[:] = 255
    return 'written'",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "reading beyond the end of memory",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): return int(memory(10**9, 10**6).sum())",
        may: May::Fail(&["crashed"]),
    },
    Hostile {
        name: "writing beyond the end of memory",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): memory(4 * 10**9, 10**6)[:] = 1",
        may: May::Fail(&["crashed", "exception"]),
    },
    Hostile {
        name: "reading across the end of memory",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main(): return bytes(memory(1024, 2**31 - 2048))[:1]",
        may: May::Fail(&["crashed", "memory_exceeded"]),
    },
    Hostile {
        name: "strides out of the array",
        script: "
import numpy as np
def main():
    a = np.zeros(1)
    return np.lib.stride_tricks.as_strided(a, (1000, 1000), (2**20, -2**20)).sum()",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 1",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(1)
    m = memory()
    for n in g.integers(0, len(m), 10000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 2",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(2)
    m = memory()
    for n in g.integers(0, len(m), 100000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 3",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(3)
    m = memory()
    for n in g.integers(0, len(m), 300000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 4",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(4)
    m = memory()
    for n in g.integers(0, len(m), 100000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 5",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(5)
    m = memory()
    for n in g.integers(0, len(m), 3000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random bytes in random places, seed 6",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(6)
    m = memory()
    for n in g.integers(0, len(m), 300000): m[n] = g.integers(256)
    import json, re
    print(json.dumps([1, {'a': 2}]), re.sub('a', 'b', 'aaa'))
    return [str(x) for x in range(1000)]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random words in the interpreter's data, seed 11",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(11)
    m = memory(1024, 16 * 10**6)
    for n in g.integers(0, len(m) - 4, 20_000): m[n:n + 4] = g.integers(0, 256, 4)
    print('x' * 1000)
    return sorted(dir(sys))",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random words in the interpreter's data, seed 12",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(12)
    m = memory(1024, 16 * 10**6)
    for n in g.integers(0, len(m) - 4, 20_000): m[n:n + 4] = g.integers(0, 256, 4)
    print('x' * 1000)
    return sorted(dir(sys))",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random words in the interpreter's data, seed 13",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(13)
    m = memory(1024, 16 * 10**6)
    for n in g.integers(0, len(m) - 4, 20_000): m[n:n + 4] = g.integers(0, 256, 4)
    print('x' * 1000)
    return sorted(dir(sys))",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "random words in the interpreter's data, seed 14",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    g = np.random.default_rng(14)
    m = memory(1024, 16 * 10**6)
    for n in g.integers(0, len(m) - 4, 20_000): m[n:n + 4] = g.integers(0, 256, 4)
    print('x' * 1000)
    return sorted(dir(sys))",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "function pointers exchanged",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    for kind in (int, str, list, dict, type(main)):
        m = memory(id(kind), 200).view(np.uint32)
        m[5:] = np.roll(m[5:], 1)
    return [1, 'x', {}, main]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "reference counts of zero",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    for thing in (None, True, (), '', 0, int, type, main): memory(id(thing), 4)[:] = 0
    return [None, True, (), '', 0]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "the size of a list forged",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
def main():
    a = [1, 2, 3]
    memory(id(a) + 8, 4).view(np.uint32)[0] = 2**30
    return a[2**29]",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "the size of bytes forged",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
import os
def main():
    a = b'x' * 100
    memory(id(a) + 8, 4).view(np.uint32)[0] = 2**31 - 1
    os.write(1, a)
    return len(a)",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
    Hostile {
        name: "bytes without end through the door",
        script: "
import numpy as np, sys
class All:
    def __init__(self, start, length): self.__array_interface__ = {'shape': (length,), 'typestr': '|u1', 'data': (start, False), 'version': 3}
def memory(start=1024, length=90 * 10**6): return np.asarray(All(start, length))
import _host
def main():
    a = b'x' * 100
    memory(id(a) + 8, 4).view(np.uint32)[0] = 2**31 - 1
    _host.call(a)
    return 'mine'",
        may: May::GiveOrFail(&["crashed", "exception", "stack_overflow", "memory_exceeded", "fuel_exhausted", "timeout", "output_exceeded", "result_too_large", "exit", "not_serializable", "missing_main", "syntax_error"]),
    },
];
