"""Show the image builder where the random generators keep their state.

Every sandbox starts from the same memory, so the state in the image would give everyone the
same numbers. The host overwrites it in each fresh sandbox instead of asking Python to seed,
which costs it nothing; for that it must know the addresses. It finds them by searching near
the objects for the words given here.
"""

from __future__ import annotations

import random
import sys
from array import array
from typing import Any, TypedDict

_WORDS = 624

#: Any two different numbers: the states must differ, to be told apart in memory.
_SEED_OF_RANDOM = 1
_SEED_OF_NUMPY = 2


class Generator(TypedDict):
    """A Mersenne Twister: its name, the `id` of the object that holds it, its state's 624
    words as they lie in memory.
    """

    name: str
    id: int
    key: bytes


def describe_generators() -> list[Generator]:
    """Seed each generator with a constant and describe it.

    Fresh from seeding, a generator makes new numbers from the whole state at the first draw,
    so the words are all there is to overwrite. Nothing may draw between this and the snapshot.
    """
    generators = [_describe_random()]
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        generators.append(_describe_numpy(numpy_random))
    return generators


def _describe_random() -> Generator:
    generator: random.Random = random._inst
    generator.seed(_SEED_OF_RANDOM)
    _, (*words, position), _ = generator.getstate()
    return _generator("random", generator, words, position)


def _describe_numpy(numpy_random: Any) -> Generator:
    state = numpy_random.mtrand._rand
    state.seed(_SEED_OF_NUMPY)
    key = state.get_state(legacy=False)["state"]
    return _generator("numpy.random", state._bit_generator, key["key"].tolist(), key["pos"])


def _generator(name: str, owner: object, words: list[int], position: int) -> Generator:
    if len(words) != _WORDS or position != _WORDS:
        raise RuntimeError(f"{name} is not a freshly seeded Mersenne Twister")
    return Generator(name=name, id=id(owner), key=array("I", words).tobytes())
