"""Frames, and what happens when the host gets them wrong."""

from typing import Any

from belljar import entry, faults
from support import frame, run_frame

SCRIPT = "def main(): return 1"


def test_frames_that_make_no_sense_are_internal_faults() -> None:
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


def test_options_that_make_no_sense_are_internal_faults() -> None:
    assert (
        run_frame(frame(SCRIPT, 0, options={"env": {"bad\0name": "x"}})).fault["kind"] == "internal"
    )
    no_object: Any = []
    assert run_frame(frame(SCRIPT, 0, options=no_object)).fault["kind"] == "internal"


def test_an_unexpected_failure_is_an_internal_fault() -> None:
    original = entry._answer

    def fail(frame: bytes) -> bytes:
        raise ZeroDivisionError("division by zero")

    entry._answer = fail
    try:
        fault = run_frame(frame(SCRIPT, 0)).fault
    finally:
        entry._answer = original
    assert (fault["kind"], fault["message"]) == ("internal", "ZeroDivisionError: division by zero")


def test_there_is_an_answer_even_if_nothing_can_be_described() -> None:
    names: Any = vars(faults)
    original, names["to_json"] = names["to_json"], None
    try:
        assert run_frame(frame("def main(): 1/0", 0)).fault["kind"] == "exception"
        assert run_frame(frame("def main(", 0)).fault["kind"] == "exception"
        assert run_frame(b"").fault["kind"] == "internal"
    finally:
        names["to_json"] = original


def test_input_and_script_bytes_are_told_apart_at_any_length() -> None:
    script = "def main(x): return x\n#" + "é" * 70_000
    assert run_frame(frame(script, 0, input_text='"ü"', options={"args": []})).value == "ü"
    assert run_frame(frame("def main(x): return x", 0, input_text="")).fault["kind"] == "exception"
