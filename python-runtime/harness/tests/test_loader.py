"""Loading from memory, out of every script's reach."""

import builtins
import sys

from belljar.loader import load

SOURCES = {
    "bundle": "",
    "bundle.first": "from . import second\nfrom bundle.second import double\n\ndef quadruple(x):\n    return double(double(x))\n",
    "bundle.second": "def double(x):\n    return int(x) * 2\n",
}


def test_modules_import_each_other_and_leave_no_trace() -> None:
    before, finders = set(sys.modules), list(sys.meta_path)
    modules = load(SOURCES)
    assert set(modules) == set(SOURCES)
    assert modules["bundle.first"].quadruple(2) == 8
    assert set(sys.modules) == before
    assert sys.meta_path == finders


def test_replaced_builtins_do_not_reach_them() -> None:
    quadruple = load(SOURCES)["bundle.first"].quadruple
    original, builtins.int = builtins.int, None  # type: ignore[misc, assignment]
    try:
        assert quadruple("3") == 12
    finally:
        builtins.int = original  # type: ignore[misc]


def test_a_module_that_fails_leaves_no_trace_either() -> None:
    before, finders = set(sys.modules), list(sys.meta_path)
    try:
        load({**SOURCES, "bundle.third": "import bundle.nothing"})
    except ImportError:
        pass
    else:
        raise AssertionError("it should have failed")
    assert (set(sys.modules), sys.meta_path) == (before, finders)
