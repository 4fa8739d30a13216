"""What a request may set before its script runs."""

from __future__ import annotations

import os
import random
import sys
from json import JSONDecoder

from . import zone

_decode = JSONDecoder().decode
_seed_random = random.seed
_numpy_random = sys.modules.get("numpy.random")
_seed_numpy = _numpy_random.seed if _numpy_random is not None else None


def seed(number: int) -> None:
    """Make `random` and, where it is loaded, numpy's global generator repeatable."""
    _seed_random(number)
    if _seed_numpy is not None:
        _seed_numpy(number % 2**32)


def apply(text: bytes) -> None:
    """Apply `{"args": [str], "env": {str: str}}`, both optional."""
    options = _decode(text.decode())
    sys.argv[1:] = options.get("args", ())
    environ = options.get("env", {})
    os.environ.update(environ)
    if "TZ" in environ:
        zone.tzset()
