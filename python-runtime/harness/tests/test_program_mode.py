"""Program mode: a script as a whole program."""

from support import frame, program, run_frame


def test_the_script_is_main() -> None:
    script = "import sys, __main__\nprint(__name__, __file__, sys.modules['__main__'] is __main__, __main__.x)"
    outcome = program("x = 1\n" + script)
    assert (outcome.exit_code, outcome.stdout) == (0, "__main__ script.py True 1\n")


def test_no_main_is_needed_and_none_is_called() -> None:
    assert program("def main(): print('called')").stdout == ""


def test_arguments_and_environment_are_set() -> None:
    script = "import os, sys\nprint(sys.argv, os.environ['A'], os.getenv('B'))"
    outcome = program(script, options={"args": ["-x", "é"], "env": {"A": "1", "B": "ü"}})
    assert outcome.stdout == "['script.py', '-x', 'é'] 1 ü\n"


def test_stdin_is_read_by_input_and_by_sys_stdin() -> None:
    script = "import sys\nprint(input('? '), sys.stdin.read().split())"
    outcome = run_frame(frame(script, 1), stdin=b"one\ntwo\nthr\xffee\n")
    assert outcome.stdout == "? one ['two', 'thr\ufffdee']\n"


def test_input_at_the_end_of_stdin_is_an_ordinary_error() -> None:
    outcome = program("input()")
    assert outcome.exit_code == 1
    assert outcome.stderr.endswith("EOFError: EOF when reading a line\n")


def test_exit_codes_are_those_of_python() -> None:
    for statement, code in {
        "pass": 0,
        "raise SystemExit": 0,
        "exit(0)": 0,
        "exit(5)": 5,
        "exit(-1)": 255,
        "exit(True)": 1,
        "exit('message')": 1,
        "exit(2.5)": 1,
        "1/0": 1,
        "raise KeyboardInterrupt": 130,
    }.items():
        assert program(statement).exit_code == code, statement


def test_an_exit_message_goes_to_stderr() -> None:
    assert program("raise SystemExit('message')").stderr == "message\n"
    assert program("raise SystemExit(3)").stderr == ""


def test_an_uncaught_exception_prints_the_scripts_traceback() -> None:
    outcome = program("def f(x):\n    return x.y\n\nf(3)\n")
    lines = outcome.stderr.splitlines()
    assert outcome.exit_code == 1
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1:3] == ['  File "script.py", line 4, in <module>', "    f(3)"]
    assert '  File "script.py", line 2, in f' in lines
    assert lines[-1] == "AttributeError: 'int' object has no attribute 'y'"
    assert "belljar" not in outcome.stderr


def test_a_syntax_error_prints_as_python_prints_it() -> None:
    outcome = program("print('never')\nif x\n")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith('  File "script.py", line 2\n    if x\n        ^\n')
    assert outcome.stderr.endswith("SyntaxError: expected ':'\n")


def test_the_scripts_own_excepthook_is_called() -> None:
    script = "import sys\nsys.excepthook = lambda kind, error, trace: print('hooked', kind.__name__, trace is not None)\n1/0"
    outcome = program(script)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (
        1,
        "hooked ZeroDivisionError True\n",
        "",
    )


def test_a_failing_excepthook_is_reported_with_the_original_error() -> None:
    outcome = program("import sys\ndef hook(*args): [][1]\nsys.excepthook = hook\n1/0")
    assert outcome.stderr.startswith("Error in sys.excepthook:\nTraceback")
    assert "IndexError" in outcome.stderr
    assert outcome.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_output_without_a_newline_arrives() -> None:
    assert program("import sys\nsys.stdout.write('no newline')").stdout == "no newline"


def test_exit_callbacks_run() -> None:
    assert program("import atexit\natexit.register(print, 'bye')\n1/0").stdout == "bye\n"


def test_several_exits_in_a_row_end_with_the_first() -> None:
    outcome = program("import atexit, sys\natexit.register(sys.exit, 9)\nsys.exit(2)")
    assert outcome.exit_code == 2
