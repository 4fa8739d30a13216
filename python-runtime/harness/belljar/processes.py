"""Processes that are not there, and say so.

Some of these functions are missing from the interpreter's `os`, and some fail in words of their
own. All of them are an OSError here, as where a system can start no more processes.
"""

from __future__ import annotations

import errno
import os
import subprocess
from typing import Any, NoReturn

NO_PROCESSES = "there are no other processes in the sandbox, and none can be started"

_STARTERS = """
    system popen fork forkpty posix_spawn posix_spawnp execl execle execlp execlpe execv execve
    execvp execvpe spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe
    kill killpg wait wait3 wait4 waitid waitpid nice setsid
""".split()


def refuse(*_: object, **__: object) -> NoReturn:
    """Stand for every function that would need another process."""
    raise OSError(errno.ENOTSUP, NO_PROCESSES)


def install() -> None:
    """Make `os` and `subprocess` say that there are no processes."""
    module: Any = os
    for name in _STARTERS:
        setattr(module, name, refuse)
    popen: Any = subprocess.Popen
    # In this order, the first things that a `Popen` does for which it would need the system.
    subprocess._can_fork_exec = True  # type: ignore[attr-defined]
    popen._get_handles = popen._execute_child = refuse
    popen.__del__ = lambda self: None
