"""Scripts that attack the harness change their own answer and nothing else."""

import sys

from support import function, program

ATTACKS = {
    "output streams closed": "import sys\nsys.stdout.close()\nsys.stderr.close()",
    "output streams deleted": "import sys\ndel sys.stdout, sys.stderr, sys.stdin",
    "output streams None": "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = None",
    "output streams broken": "import sys\nclass Broken:\n    def write(self, text): raise RuntimeError\n    def flush(self): raise SystemExit(9)\nsys.stdout = sys.stderr = Broken()",
    "flush replaced": "import sys\ndef flush(): raise SystemExit(9)\nsys.stdout.flush = sys.stderr.flush = flush",
    "streams detached": "import sys\nsys.stdout.detach()\nsys.stderr.detach()",
    "builtins replaced": "import builtins\nfor name in ('len', 'isinstance', 'type', 'str', 'repr', 'getattr', 'issubclass', 'callable', 'exec', 'print', 'sorted', 'dict', 'list'):\n    setattr(builtins, name, None)",
    "builtins emptied": "import builtins\nbuiltins.__dict__.clear()",
    "json replaced": "import json\njson.dumps = json.loads = json.JSONEncoder = None\njson.encoder.c_make_encoder = json.encoder.encode_basestring = None",
    "modules emptied": "import sys\nsys.modules.clear()",
    "modules replaced": "import sys\nsys.modules = {}",
    "modules broken": "import sys\nfor name in list(sys.modules): sys.modules[name] = None",
    "traceback replaced": "import traceback\ntraceback.TracebackException = None\ntraceback.StackSummary = None",
    "traceback broken": "import traceback\ndef broken(*args, **options): raise SystemExit(9)\ntraceback.StackSummary.format = broken",
    "linecache emptied": "import linecache\nlinecache.cache.clear()",
    "linecache replaced": "import linecache\nlinecache.cache = None\nlinecache.getline = linecache.checkcache = None",
    "asyncio replaced": "import asyncio\nasyncio.run = None",
    "recursion limit raised": "import sys\nsys.setrecursionlimit(10**9)",
    "recursion limit lowered": "import sys\nfor limit in range(1, 1000):\n    try: sys.setrecursionlimit(limit)\n    except RecursionError: continue\n    break",
    "trace left on": "import sys\nsys.settrace(lambda *args: None)",
    "profile left on": "import sys\nsys.setprofile(lambda *args: None)",
    "names redefined": "__name__ = __file__ = __builtins__ = None",
    "module deleted": "import sys\ndel sys.modules[__name__]",
    "hooks replaced": "import sys\nsys.unraisablehook = sys.displayhook = None",
    "traceback limit": "import sys\nsys.tracebacklimit = 'none'",
    "digit limit": "import sys\nsys.set_int_max_str_digits(640)",
    "collector off": "import gc\ngc.disable()",
}


def test_main_still_gives_its_value() -> None:
    for name, attack in ATTACKS.items():
        body = "".join(f"    {line}\n" for line in attack.splitlines())
        outcome = function(f"def main():\n{body}    return {{'a': [1, 2.5, None, 'é', {{3}}]}}")
        assert outcome.text == '{"a":[1,2.5,null,"é",[3]]}', (name, outcome)


def test_a_failure_is_still_a_fault() -> None:
    for name, attack in ATTACKS.items():
        fault = function(f"{attack}\ndef main():\n    1/0").fault
        assert (fault["kind"], fault["message"]) == (
            "exception",
            "ZeroDivisionError: division by zero",
        ), (name, fault)
        assert fault["line"] == attack.count("\n") + 3, (name, fault)
        assert f'File "script.py", line {fault["line"]}' in fault["traceback"] or "limit" in name, (
            name,
            fault,
        )


def test_a_value_without_a_form_is_still_refused() -> None:
    for name, attack in ATTACKS.items():
        outcome = function(f"{attack}\ndef main(): return [...]")
        assert outcome.fault["kind"] == "not_serializable", (name, outcome)
        assert outcome.fault["message"].startswith("result[0]: object of type ellipsis"), (
            name,
            outcome,
        )


def test_a_program_still_ends_with_its_code() -> None:
    for name, attack in ATTACKS.items():
        assert program(f"leaving = SystemExit(3)\n{attack}\nraise leaving").exit_code == 3, name
        assert program(attack + "\n1/0").exit_code == 1, name


def test_exceptions_that_fight_back_are_still_faults() -> None:
    for name, body in {
        "__str__ raises": "def __str__(self): raise ValueError",
        "__str__ exits": "def __str__(self): raise SystemExit(3)",
        "__str__ is no text": "def __str__(self): return 5",
        "__str__ recurses": "def __str__(self): return str(self)",
        "__repr__ raises": "def __repr__(self): raise ValueError",
        "__traceback__ lies": "__traceback__ = 'nothing'",
        "__cause__ lies": "__cause__ = 5",
        "__context__ raises": "__context__ = property(lambda self: 1/0)",
        "__notes__ lies": "__notes__ = 5",
        "__class__ lies": "__class__ = property(lambda self: int)",
        "__module__ lies": "__module__ = 5",
        "__getattribute__ raises": "def __getattribute__(self, name): raise SystemExit(4)",
        "everything raises": "def __getattribute__(self, name): 1/0\n    __str__ = __repr__ = lambda self: 1/0",
    }.items():
        fault = function(
            f"class Bad(Exception):\n    {body}\ndef main():\n    raise Bad('x')"
        ).fault
        assert fault["kind"] == "exception", (name, fault)
        assert "Bad" in fault["message"], (name, fault)
        assert fault["line"] == body.count("\n") + 4, (name, fault)
        program(f"class Bad(Exception):\n    {body}\nraise Bad('x')")


def test_a_class_that_hides_its_name_is_still_described() -> None:
    script = """
class Meta(type):
    def __getattribute__(cls, name): raise RuntimeError("no")
class Bad(Exception, metaclass=Meta): pass
def main(): raise Bad("message")
"""
    fault = function(script).fault
    assert fault["kind"] == "exception" and "message" in fault["message"]


def test_tampering_with_a_traceback_is_survived() -> None:
    for statement in (
        "raise error.with_traceback(None)",
        "error.__context__ = error.__cause__ = ValueError(); raise error",
        "error.__cause__ = other = ValueError(); other.__cause__ = error; raise error",
    ):
        script = f"def main():\n    error = KeyError('k')\n    {statement}"
        assert function(script).fault["message"] == "KeyError: 'k'", statement


def test_a_trace_function_that_raises_fails_only_its_script() -> None:
    script = """
import sys
def trace(frame, event, argument): raise RuntimeError("traced")
def main():
    sys.settrace(trace)
    return 1
"""
    outcome = function(script)
    assert outcome.answer[:1] in b"\x01\x02"
    assert function(script.replace("settrace", "setprofile")).answer[:1] in b"\x01\x02"


def test_monitoring_that_raises_fails_only_its_script() -> None:
    script = """
import sys
def main():
    tool = sys.monitoring
    tool.use_tool_id(2, "hostile")
    def callback(*args): raise RuntimeError("monitored")
    tool.register_callback(2, tool.events.PY_START, callback)
    tool.set_events(2, tool.events.PY_START)
    return 1
"""
    if sys.version_info >= (3, 14):
        function(script).fails_with("exception", "RuntimeError: monitored")
        assert function("def main(): return 1").value == 1


def test_an_audit_hook_that_objects_to_everything_fails_only_its_script() -> None:
    # A hook stays for as long as the process lives; this one rests when its script is gone.
    script = """
import sys
objecting, modules, own = [], sys.modules, sys.modules[__name__]
def object_to_everything(event, arguments):
    if objecting and modules.get("script") is own: raise RuntimeError(event)
sys.addaudithook(object_to_everything)
def main(divisor):
    objecting.append(True)
    return 1 // divisor
"""
    assert function(script, input_text="1").value == 1
    assert function(script, input_text="0").fault["message"].startswith("ZeroDivisionError")


def test_main_may_be_called_by_the_module_and_raise_from_anywhere() -> None:
    script = "import sys\ndef main(): raise RuntimeError('from main')\ntry: main()\nexcept RuntimeError: pass"
    function(script).fails_with("exception", "RuntimeError: from main")


def test_a_memory_error_with_the_frames_still_full() -> None:
    script = "def main():\n    hoard = [bytearray(10) for _ in range(1000)]\n    raise MemoryError(len(hoard))"
    assert function(script).fault["message"] == "MemoryError: 1000"


def test_a_failing_exit_callback_cannot_change_the_answer() -> None:
    script = "import atexit, sys\ndef main():\n    atexit.register(sys.exit, 3)\n    result = [1]\n    atexit.register(result.append, 2)\n    return result"
    assert function(script).value == [1]
