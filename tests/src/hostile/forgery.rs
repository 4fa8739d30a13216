//! Attacks on the harness: a script may change its own answer, nothing else.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "printing what looks like an answer",
        script: r#"
def main():
    print('{"result": 1}', chr(1) + '"forged"')
    return 'mine'"#,
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "an answer of its own through the door",
        script: r#"
import _host
def main():
    _host.call(b'\x01"forged"')
    return 'mine'"#,
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "an answer of its own, then an abort",
        script: r#"
import _host, os
def main():
    _host.call(b'\x01"forged"')
    os.abort()"#,
        may: May::Fail(&["crashed"]),
    },
    Hostile {
        name: "an answer of its own, then an endless loop",
        script: r#"
import _host
def main():
    _host.call(b'\x01"forged"')
    while True: pass"#,
        may: May::Fail(&["fuel_exhausted", "timeout"]),
    },
    Hostile {
        name: "an answer of its own, then exit",
        script: r#"
import _host, os
def main():
    _host.call(b'\x01"forged"')
    os._exit(0)"#,
        may: May::Fail(&["exit"]),
    },
    Hostile {
        name: "answers that are no answers",
        script: r"
import _host
def main():
    for request in (b'', b'\x00', b'\x01', b'\x02', b'\x03', b'\x02{', b'\x03x', b'\xff' * 100, b'\x01\xff', b'\x02null', b'\x03' + b'9' * 100):
        try: _host.call(request)
        except (OSError, RuntimeError, ValueError): pass
    return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "an answer of gigabytes through the door",
        script: r"
import _host
def main(): _host.call(b'\x01' + bytes(10**8))",
        may: May::Fail(&["result_too_large", "memory_exceeded"]),
    },
    Hostile {
        name: "a fault of megabytes through the door",
        script: r"
import _host
def main(): _host.call(b'\x02' + bytes(10**7))",
        may: May::Fail(&["result_too_large"]),
    },
    Hostile {
        name: "a million calls through the door",
        script: r"
import _host
def main():
    for _ in range(10**6): _host.call(b'\x011')
    return 'mine'",
        may: May::GiveOrFail(&["fuel_exhausted", "exception"]),
    },
    Hostile {
        name: "another door function",
        script: "
import _host
_host.call = lambda request: b''
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "another json",
        script: "
import json, json.encoder, json.decoder
for module in (json, json.encoder, json.decoder):
    for name in list(vars(module)): setattr(module, name, None) if not name.startswith('__') else None
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "other builtins",
        script: "
import builtins
def main():
    for name in list(vars(builtins)):
        if name not in ('setattr', 'list'): setattr(builtins, name, None)
    return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "another sys.stdout",
        script: "
import sys
class Out:
    def __getattr__(self, name): raise SystemExit(9)
sys.stdout = sys.stderr = sys.stdin = Out()
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "empty sys.modules",
        script: "
import sys
sys.modules.clear()
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "another import",
        script: "
import builtins
builtins.__import__ = None
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
    Hostile {
        name: "another reactor",
        script: "
import sys
def main():
    module = sys.modules.get('_reactor')
    if module is not None:
        module.turn = None
    return 'mine'",
        may: May::GiveOrFail(&["crashed", "exception"]),
    },
    Hostile {
        name: "the harness's frames",
        script: "
import sys
def main():
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        frame.f_globals.clear()
        frame.f_builtins.clear()
    return 'mine'",
        may: May::GiveOrFail(&["exception", "crashed", "fuel_exhausted"]),
    },
    Hostile {
        name: "the harness's functions",
        script: "
import gc, types
def forged(*args, **options): return 'forged'
def main():
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType and 'belljar' in (thing.__module__ or ''):
            try: thing.__code__ = forged.__code__
            except ValueError: pass
    return 'mine'",
        may: May::GiveOrFail(&["exception", "crashed", "fuel_exhausted", "exit", "not_serializable"]),
    },
    Hostile {
        name: "every dictionary there is",
        script: "
import gc
def main():
    for thing in gc.get_objects():
        if type(thing) is dict: thing.clear()
    return 'mine'",
        may: May::GiveOrFail(&["exception", "crashed", "fuel_exhausted", "exit", "stack_overflow"]),
    },
    Hostile {
        name: "every list there is",
        script: "
import gc
def main():
    for thing in gc.get_objects():
        if type(thing) is list: thing[:] = [None] * 3
    return 'mine'",
        may: May::GiveOrFail(&["exception", "crashed", "fuel_exhausted", "exit"]),
    },
    Hostile {
        name: "hooks of the interpreter",
        script: "
import sys
sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *a: sys.exit(9)
sys.meta_path.clear(); sys.path_hooks.clear(); sys.path_importer_cache.clear(); sys.path.clear()
def main(): return 'mine'",
        may: May::Give(r#""mine""#),
    },
];
