"""Take the interpreter back from a script that may have left hooks and limits behind."""

from __future__ import annotations

import sys
from functools import partial

_gettrace, _settrace = sys.gettrace, sys.settrace
_getprofile, _setprofile = sys.getprofile, sys.setprofile
_getrecursionlimit, _setrecursionlimit = sys.getrecursionlimit, sys.setrecursionlimit
_RECURSION_LIMIT = sys.getrecursionlimit()

#: A monitor of the script's may raise whenever one of our functions is called, even the one
#: that would stop it. So callers write `any(map(free_tool, TOOLS))`, which stops them all and
#: runs in C from end to end. `free_tool` returns None; it does nothing where nothing is set.
TOOLS = range(6)
if sys.version_info >= (3, 14):
    free_tool = sys.monitoring.free_tool_id
else:

    def free_tool(tool_id: int, /) -> None:
        """Do nothing: before 3.14 freeing a tool would not stop it."""


#: A tracer and a profiler of the script's may each strike once when we deal with a failure: what
#: raises is unset. One attempt more than that, and one to spare. A tuple, because to call `range`
#: would already be something to strike at.
ATTEMPTS = (1, 2, 3, 4)

#: Enough to describe a failure in.
_RESERVE_BYTES = 512 * 1024
_reserve: list[bytearray] = []
#: Give up the memory kept in reserve: a script that used up all the rest can still be told so.
#: This runs in C, too, and needs no memory itself.
free_reserve = _reserve.clear


def fill_reserve() -> None:
    """Keep memory in reserve, for the first script that fails."""
    _reserve[:] = [bytearray(_RESERVE_BYTES)]


#: In C from end to end, so that it works even where a limit near zero leaves no room for a call.
restore_recursion_limit = partial(_setrecursionlimit, _RECURSION_LIMIT)


def reclaim() -> None:
    """Stop tracing and profiling, and set the recursion limit a fresh interpreter has."""
    if _gettrace() is not None:
        _settrace(None)
    if _getprofile() is not None:
        _setprofile(None)
    if _getrecursionlimit() != _RECURSION_LIMIT:
        _setrecursionlimit(_RECURSION_LIMIT)


def reclaim_after_failure() -> None:
    """`reclaim` without raising, when an exception has stopped the script.

    A trace function that raises is unset by the interpreter, so the next attempt gets further.
    """
    for _ in range(3):
        try:
            reclaim()
            return
        except BaseException:
            continue


fill_reserve()
