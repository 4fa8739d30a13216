"""What is said about a script that failed."""

import sys

from support import function

NEWER = sys.version_info >= (3, 12)


def test_a_fault_tells_message_traceback_and_line() -> None:
    fault = function("def f(x):\n    return 1 / x\n\ndef main():\n    return f(0)\n").fault
    assert (fault["kind"], fault["message"], fault["line"]) == (
        "exception",
        "ZeroDivisionError: division by zero",
        2,
    )
    lines = fault["traceback"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1:3] == ['  File "script.py", line 5, in main', "    return f(0)"]
    assert '  File "script.py", line 2, in f' in lines
    assert "    return 1 / x" in lines and "           ~~^~~" in lines
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert "belljar" not in fault["traceback"]


def test_an_exception_at_module_level_has_its_line() -> None:
    assert function("\n\nundefined\ndef main(): pass").fault["line"] == 3


def test_library_frames_are_left_out_and_the_line_is_the_scripts() -> None:
    fault = function("import json\ndef main():\n    json.loads('[')").fault
    assert fault["line"] == 3
    assert fault["traceback"].count("File ") == 1
    assert fault["message"].startswith("json.decoder.JSONDecodeError: Expecting value")


def test_the_scripts_own_exceptions_go_by_their_plain_names() -> None:
    fault = function(
        "class Custom(Exception): pass\ndef main(): raise Custom('script. said')"
    ).fault
    assert fault["message"] == "Custom: script. said"
    assert fault["traceback"].endswith("\nCustom: script. said\n")


def test_causes_and_contexts_are_shown() -> None:
    script = """
class A(Exception): pass
def main():
    try:
        try:
            {}["k"]
        except KeyError:
            raise A("context")
    except A as error:
        raise ValueError("last") from error
"""
    text = function(script).fault["traceback"]
    assert text.index("KeyError: 'k'") < text.index("During handling of the above exception")
    assert text.index("\nA: context") < text.index("The above exception was the direct cause")
    assert text.endswith("ValueError: last\n")


def test_a_suppressed_context_is_not_shown() -> None:
    script = "def main():\n    try: 1/0\n    except ZeroDivisionError: raise ValueError from None"
    assert "ZeroDivision" not in function(script).fault["traceback"].splitlines()[-1]
    assert "During handling" not in function(script).fault["traceback"]


def test_exception_groups_are_shown_with_their_parts() -> None:
    script = """
class Own(Exception): pass
def main():
    parts = []
    for kind in (ValueError, Own):
        try: raise kind("part")
        except Exception as error: parts.append(error)
    raise ExceptionGroup("several", parts)
"""
    fault = function(script).fault
    assert fault["message"] == "ExceptionGroup: several (2 sub-exceptions)"
    assert "  | ValueError: part" in fault["traceback"]
    assert "    | Own: part" in fault["traceback"]


def test_notes_are_kept() -> None:
    script = "def main():\n    error = ValueError('x')\n    error.add_note('script. a note')\n    raise error"
    fault = function(script).fault
    assert fault["traceback"].endswith("ValueError: x\nscript. a note\n")
    assert fault["message"] == "ValueError: x"


def test_suggestions_are_part_of_the_message() -> None:
    message = function("def main(): return lenn([])").fault["message"]
    suggestion = ". Did you mean: 'len'?" if NEWER else ""
    assert message == f"NameError: name 'lenn' is not defined{suggestion}"


def test_a_missing_module_gets_no_advice_about_site_packages() -> None:
    fault = function("def main(): import no_such_module").fault
    assert fault["message"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert fault["traceback"].endswith("No module named 'no_such_module'\n")


def test_long_recursions_are_collapsed() -> None:
    fault = function("def f(): f()\ndef main(): f()").fault
    assert fault["message"].startswith("RecursionError: maximum recursion depth exceeded")
    assert "more times]" in fault["traceback"]
    assert len(fault["traceback"]) < 2000


def test_long_messages_and_tracebacks_are_cut_and_say_so() -> None:
    fault = function("def main(): raise ValueError('a' * 100_000 + 'the end')").fault
    for text, most in ((fault["message"], 8 * 1024), (fault["traceback"], 64 * 1024)):
        assert len(text) < most + 100
        assert "characters left out" in text
        assert text.rstrip().endswith("the end")


def test_a_long_chain_of_causes_is_cut() -> None:
    script = """
def main():
    error = None
    for number in range(2000):
        try:
            try: raise ValueError(f"number {number}") from error
            except ValueError as raised: error = raised
        finally: pass
    raise error
"""
    fault = function(script).fault
    assert fault["message"] == "ValueError: number 1999"
    assert len(fault["traceback"]) < 65 * 1024 and "characters left out" in fault["traceback"]


def test_an_exception_about_characters_that_do_not_exist() -> None:
    assert (
        function(r"def main(): raise ValueError('\ud800')").fault["message"] == "ValueError: \ufffd"
    )


def test_no_colour_is_ever_used() -> None:
    assert (
        "\x1b"
        not in function("def main(): 1/0", options={"env": {"FORCE_COLOR": "1"}}).fault["traceback"]
    )


def test_a_syntax_error_shows_the_line_and_the_place() -> None:
    fault = function("x = 1\n\ndef f()\n    pass\n").fault
    assert (fault["kind"], fault["message"]) == (
        "syntax_error",
        "SyntaxError: expected ':' (script.py, line 3)",
    )
    assert (fault["line"], fault["column"]) == (3, 8)
    assert (
        fault["traceback"]
        == "  File \"script.py\", line 3\n    def f()\n           ^\nSyntaxError: expected ':'\n"
    )


def test_errors_of_indentation_are_syntax_errors() -> None:
    fault = function("def main():\nreturn 1").fault
    assert fault["message"].startswith("IndentationError: expected an indented block")
    assert (fault["kind"], fault["line"]) == ("syntax_error", 2)


def test_a_script_that_is_not_text_is_a_syntax_error() -> None:
    function(b"def main(): pass\0").fails_with(
        "syntax_error", "SyntaxError: source code string cannot contain null bytes"
    )
    fault = function(b"def main(): return '\xff'").fault
    assert fault["kind"] == "syntax_error" and "utf-8" in fault["message"]


def test_a_script_too_complex_to_compile_is_no_syntax_error_without_a_line() -> None:
    for script in ("(" * 20_000 + ")" * 20_000, "-" * 100_000 + "1"):
        fault = function(script).fault
        if fault["kind"] == "syntax_error":
            assert fault["line"] == 1
        else:
            assert fault["kind"] == "exception"
            assert fault["message"].startswith(("RecursionError: ", "MemoryError: "))


def test_a_syntax_error_found_while_running_is_an_exception() -> None:
    fault = function("def main():\n    eval('1 +')").fault
    assert (fault["kind"], fault["line"]) == ("exception", 2)
    assert fault["message"] == "SyntaxError: invalid syntax (<string>, line 1)"


def test_warnings_of_the_compiler_go_to_stderr_with_the_line() -> None:
    outcome = function('def main():\n    return "\\d"\n')
    assert outcome.value == "\\d"
    assert "Warning" in outcome.stderr or not NEWER
    assert 'return "\\d"' in outcome.stderr or not NEWER


def test_a_traceback_says_how_many_frames_of_libraries_it_leaves_out() -> None:
    traceback = function("import json\ndef main():\n    json.loads('{')").fault["traceback"]
    assert traceback.count("left out") == 1 and " frames of libraries left out]\n" in traceback
    own = function("def f(): 1 / 0\ndef main():\n    f()").fault["traceback"]
    assert "left out" not in own
