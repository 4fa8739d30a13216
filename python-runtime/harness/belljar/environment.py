"""What scripts find around them, set up once while the image is prepared."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import cast

from . import (
    closing,
    display,
    event_loop,
    glyphs,
    late,
    locks,
    machine,
    network,
    pools,
    processes,
    resources,
    threads,
    zone,
)
from .script import FILENAME


def install() -> None:
    """Prepare the interpreter for scripts."""
    machine.install()
    zone.install()
    _configure_streams()
    closing.adopt_streams()
    os.environ["NO_COLOR"] = "1"
    sys.argv[:] = [FILENAME]
    closing.forget_callbacks()
    event_loop.install()
    locks.install()
    threads.install()
    pools.install()
    network.install()
    processes.install()
    late.install()
    resources.install()
    display.install()
    glyphs.install()


def _configure_streams() -> None:
    """UTF-8 that no text and no input can break.

    Output leaves with every line, so that what was printed before a limit struck is there.
    Lone surrogates are printed as escapes: the script goes on, and its author sees what is
    wrong with the text. Input that is not UTF-8 reads as U+FFFD.
    """
    stdin, *outputs = cast(list[TextIOWrapper], [sys.stdin, sys.stdout, sys.stderr])
    stdin.reconfigure(encoding="utf-8", errors="replace")
    for output in outputs:
        output.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
