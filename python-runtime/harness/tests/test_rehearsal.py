"""Warming up."""

import linecache
import os
import sys

from belljar.rehearsal import rehearsal
from support import frame


def test_a_rehearsal_answers_and_leaves_nothing_behind() -> None:
    before = sys.modules["__main__"], list(sys.argv), dict(os.environ)
    options = {"args": ["a"], "env": {"REHEARSAL": "1"}}
    with rehearsal() as turn:
        assert turn(frame("def main(): return 1", 0, options=options)) == b"\x011"
        assert turn(frame("raise SystemExit(2)", 1)) == b"\x032"
    assert (sys.modules["__main__"], sys.argv, dict(os.environ)) == before
    assert "script" not in sys.modules
    assert "script.py" not in linecache.cache
