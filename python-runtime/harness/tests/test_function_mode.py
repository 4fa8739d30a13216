"""Function mode: what a script may be, and what `main` gets and gives."""

from support import function


def test_the_value_of_main_is_the_answer() -> None:
    assert function("def main():\n    return {'answer': 4}\n").text == '{"answer":4}'


def test_main_without_return_answers_null() -> None:
    assert function("def main(): pass").text == "null"


def test_main_is_called_exactly_once() -> None:
    script = """
calls = []
def main():
    calls.append(1)
    return len(calls)
if __name__ == "__main__":
    main()
"""
    assert function(script).value == 1


def test_the_module_is_named_script_and_importable() -> None:
    script = """
import sys
def main():
    import script
    return [__name__, __file__, script.main is main, sys.modules["script"].__name__]
"""
    assert function(script).value == ["script", "script.py", True, "script"]


def test_the_script_is_the_main_module() -> None:
    script = """
import doctest, io, pickle, sys, timeit, unittest
from contextlib import redirect_stdout
class Case(unittest.TestCase):
    def test_bad(self):
        self.assertEqual(1, 2)
def double(n):
    \'\'\'
    >>> double(2)
    4
    >>> double(3)
    7
    \'\'\'
    return n * 2
class Point:
    def __eq__(self, other): return type(self) is type(other)
def main():
    import __main__
    case = unittest.main(argv=["t"], exit=False, testRunner=unittest.TextTestRunner(io.StringIO()))
    with redirect_stdout(io.StringIO()):
        doctests = tuple(doctest.testmod())
    return [
        __main__.main is main,
        [case.result.testsRun, case.result.wasSuccessful()],
        doctests,
        timeit.timeit("double(1)", setup="from __main__ import double", number=3) >= 0,
        pickle.loads(pickle.dumps(Point())) == Point(),
        __name__,
    ]
"""
    assert function(script).value == [True, [1, False], [1, 2], True, True, "script"]


def test_every_run_gets_a_fresh_module() -> None:
    script = "def main():\n    global seen\n    before = 'seen' in globals()\n    seen = 1\n    return before"
    assert [function(script).value, function(script).value] == [False, False]


def test_scripts_have_the_real_builtins() -> None:
    script = "import builtins\ndef main():\n    builtins.extra = 5\n    return extra"
    assert function(script).value == 5


def test_print_goes_to_stdout_and_never_into_the_answer() -> None:
    outcome = function(
        "import sys\ndef main():\n    print('\\x01\"fake\"')\n    sys.stderr.write('warn')\n    return 1"
    )
    assert (outcome.value, outcome.stdout, outcome.stderr) == (1, '\x01"fake"\n', "warn")


def test_an_async_main_is_run() -> None:
    assert (
        function(
            "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 7"
        ).value
        == 7
    )


def test_a_coroutine_returned_by_main_is_run() -> None:
    assert function("async def work(): return 8\ndef main(): return work()").value == 8


def test_dataclasses_pickle_and_type_hints_work_on_the_scripts_own_types() -> None:
    script = """
import pickle, typing
from dataclasses import dataclass
@dataclass
class Point:
    x: "int"
    y: "Point | None" = None
def main() -> "Point":
    copy = pickle.loads(pickle.dumps(Point(1, Point(2))))
    return [copy, typing.get_type_hints(main)["return"] is Point, sorted(typing.get_type_hints(Point))]
"""
    assert function(script).value == [{"x": 1, "y": {"x": 2, "y": None}}, True, ["x", "y"]]


def test_inspect_finds_the_source() -> None:
    script = "import inspect\ndef helper():\n    return 1  # here\ndef main(): return inspect.getsource(helper)"
    assert function(script).value == "def helper():\n    return 1  # here\n"


def test_source_lines_are_those_of_the_compiler() -> None:
    script = 'import inspect\ntext = "a\x0cb\u2028c"\r\ndef helper(): pass\rdef main(): return inspect.getsource(helper)'
    assert function(script).value == "def helper(): pass\n"


def test_a_byte_order_mark_is_ignored() -> None:
    assert function("\ufeffdef main(): return 1").value == 1


def test_a_coding_cookie_is_ignored() -> None:
    assert function("# coding: latin-1\ndef main(): return 'é'").value == "é"


def test_exit_callbacks_run_last_to_first_and_only_the_scripts_own() -> None:
    script = """
import atexit
atexit.register(print, "first")
atexit.register(print, "second")
def main(): print("main")
"""
    assert function(script).stdout == "main\nsecond\nfirst\n"


def test_an_error_in_an_exit_callback_goes_to_stderr_only() -> None:
    outcome = function("import atexit\ndef main():\n    atexit.register(lambda: 1/0)\n    return 1")
    assert outcome.value == 1
    assert "ZeroDivisionError" in outcome.stderr


def test_exit_callbacks_run_after_a_failure_too() -> None:
    outcome = function("import atexit\natexit.register(print, 'bye')\ndef main(): 1/0")
    assert (outcome.fault["kind"], outcome.stdout) == ("exception", "bye\n")


def test_sys_exit_is_a_fault_with_the_code() -> None:
    for argument, code in {
        "": 0,
        "None": 0,
        "3": 3,
        "True": 1,
        "-1": 255,
        "256": 0,
        "10**30 + 7": 7,
    }.items():
        fault = function(f"import sys\ndef main(): sys.exit({argument})").fault
        assert (fault["kind"], fault["exit_code"]) == ("exit", code), (argument, fault)
    function("import sys\ndef main(): sys.exit(3)").fails_with("exit", "Script called sys.exit(3)")
    function("import sys\nsys.exit()\ndef main(): pass").fails_with(
        "exit", "Script called sys.exit()"
    )


def test_sys_exit_with_a_complaint_prints_it() -> None:
    outcome = function("import sys\ndef main(): sys.exit('no luck')")
    outcome.fails_with("exit", "Script called sys.exit('no luck')")
    assert (outcome.fault["exit_code"], outcome.stderr) == (1, "no luck\n")


def test_exit_and_quit_are_there() -> None:
    assert function("def main(): exit(4)").fault["exit_code"] == 4
    assert function("def main(): quit()").fault["exit_code"] == 0


def test_other_base_exceptions_are_exceptions() -> None:
    function("def main(): raise KeyboardInterrupt").fails_with("exception", "KeyboardInterrupt")
    function("def main(): raise GeneratorExit('x')").fails_with("exception", "GeneratorExit: x")


def test_a_memory_error_says_so() -> None:
    assert function("def main(): raise MemoryError").fault["message"].startswith("MemoryError")
