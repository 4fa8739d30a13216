"""Frames, and what happens when the host gets them wrong."""

from belljar import entry, faults
from support import frame, run_frame

SCRIPT = "def main(): return 1"


def test_frames_that_make_no_sense_are_internal_faults():
    good = frame(SCRIPT, 0, input_text="1", options={})
    for bad in (
        b"",
        good[:10],
        good[:-1],
        good + b"x",
        b"\x02" + good[1:],
        good[:1] + b"\x07" + good[2:],
    ):
        fault = run_frame(bad).fault
        assert fault["kind"] == "internal", fault
        assert fault["message"].startswith("belljar.wire.MalformedRequest: "), fault


def test_options_that_make_no_sense_are_internal_faults():
    assert (
        run_frame(frame(SCRIPT, 0, options={"env": {"bad\0name": "x"}})).fault["kind"] == "internal"
    )
    assert run_frame(frame(SCRIPT, 0, options=[])).fault["kind"] == "internal"


def test_an_unexpected_failure_is_an_internal_fault():
    original = entry._answer
    entry._answer = lambda frame: 1 / 0
    try:
        fault = run_frame(frame(SCRIPT, 0)).fault
    finally:
        entry._answer = original
    assert (fault["kind"], fault["message"]) == ("internal", "ZeroDivisionError: division by zero")


def test_there_is_an_answer_even_if_nothing_can_be_described():
    original = faults.to_json
    faults.to_json = None
    try:
        assert run_frame(frame("def main(): 1/0", 0)).fault["kind"] == "exception"
        assert run_frame(frame("def main(", 0)).fault["kind"] == "exception"
        assert run_frame(b"").fault["kind"] == "internal"
    finally:
        faults.to_json = original


def test_input_and_script_bytes_are_told_apart_at_any_length():
    script = "def main(x): return x\n#" + "é" * 70_000
    assert run_frame(frame(script, 0, input_text='"ü"', options={"args": []})).value == "ü"
    assert run_frame(frame("def main(x): return x", 0, input_text="")).fault["kind"] == "exception"
