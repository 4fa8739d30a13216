"""What scripts find around them."""

import sys

from support import frame, function, program, run_frame


def test_lone_surrogates_can_be_printed() -> None:
    outcome = program(r"import sys; print('a\ud800b'); print('\udcff', file=sys.stderr)")
    assert (outcome.stdout, outcome.stderr) == ("a\\ud800b\n", "\\udcff\n")


def test_the_real_streams_are_utf_8_and_leave_with_every_line() -> None:
    for stream in (sys.stdout, sys.stderr):
        assert (stream.encoding, stream.errors, stream.line_buffering) == (
            "utf-8",
            "backslashreplace",
            True,
        )
    assert (sys.stdin.encoding, sys.stdin.errors) == ("utf-8", "replace")


def test_there_is_one_processor() -> None:
    if sys.platform != "wasi":
        return
    assert function(
        "import os\ndef main(): return [os.cpu_count(), os.process_cpu_count()]"
    ).value == [1, 1]


def test_colours_are_off() -> None:
    assert function("import os\ndef main(): return os.environ['NO_COLOR']").value == "1"


def test_help_prints() -> None:
    assert "Return the number of items" in program("help(len)").stdout


def test_interactive_help_and_breakpoints_end_with_stdin() -> None:
    outcome = run_frame(frame("help()\nprint('after help')\nbreakpoint()\n", 1))
    assert "after help" in outcome.stdout
    assert outcome.exit_code == 1
