"""What becomes of each case: one line of JSON, marked, on the standard output that was there at first."""

import json
import sys

#: Nothing that a test prints begins with it.
MARK = "\x1e"

_stdout = sys.stdout


def _line(**fields) -> None:
    _stdout.write(f"{MARK}{json.dumps(fields)}\n")
    _stdout.flush()


def started(case: str) -> None:
    """A case begins: if nothing follows, it ended the run."""
    _line(started=case)


def ended(case: str, outcome: str, why: str = "") -> None:
    """`passed`, `failed`, `skipped` or `xfailed`, and why."""
    _line(case=case, outcome=outcome, why=" ".join(why.split())[:300])


def finished() -> None:
    """The run came to its end."""
    _line(finished=True)


def why_of(error: BaseException) -> str:
    """An exception in a line."""
    try:
        text = str(error)
    except Exception:
        text = "?"
    return f"{type(error).__name__}: {text}"
