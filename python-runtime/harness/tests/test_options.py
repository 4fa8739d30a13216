"""Seeds, arguments and environment, and the state of the random generators."""

import random
import sys
from array import array

from belljar import reseed
from support import function

DRAW = "import random\ndef main(): return [random.random() for _ in range(3)]"
DRAW_NUMPY = "import numpy as np\ndef main(): return np.random.random(3)"


def test_the_same_seed_gives_the_same_numbers() -> None:
    assert function(DRAW, seed=7).value == function(DRAW, seed=7).value == _numbers(7)
    assert function(DRAW, seed=8).value != function(DRAW, seed=7).value
    assert function(DRAW, seed=2**64 - 1).value == _numbers(2**64 - 1)
    assert function(DRAW, seed=0).value == _numbers(0)


def test_without_a_seed_nothing_is_seeded() -> None:
    assert function(DRAW).value != function(DRAW).value


def test_numpy_is_seeded_too() -> None:
    if "numpy" not in sys.modules:
        return
    assert function(DRAW_NUMPY, seed=7).value == function(DRAW_NUMPY, seed=7).value
    assert function(DRAW_NUMPY, seed=2**32 + 7).value == function(DRAW_NUMPY, seed=7).value


def test_arguments_and_environment_are_set_in_function_mode_too() -> None:
    script = "import os, sys\ndef main(): return [sys.argv, os.environ.get('NAME')]"
    assert function(script, options={"args": ["a"], "env": {"NAME": "v"}}).value == [
        ["script.py", "a"],
        "v",
    ]
    assert function(script, options={}).value == [["script.py"], None]
    assert function(script).value == [["script.py"], None]


def test_generators_are_described_so_that_the_next_number_follows_from_the_words() -> None:
    described = {generator["name"]: generator for generator in reseed.describe_generators()}
    generator = described["random"]
    assert generator["id"] == id(random._inst)
    words = array("I", generator["key"])
    assert len(words) == 624
    copy = random.Random()
    copy.setstate((3, (*words, 624), None))
    assert [copy.random() for _ in range(5)] == [random.random() for _ in range(5)]


def test_numpys_generator_is_described_too() -> None:
    if "numpy" not in sys.modules:
        return
    import numpy

    described = {generator["name"]: generator for generator in reseed.describe_generators()}
    generator = described["numpy.random"]
    assert generator["id"] == id(numpy.random.mtrand._rand._bit_generator)
    assert generator["key"] != described["random"]["key"]
    copy = numpy.random.RandomState()
    copy.set_state(("MT19937", numpy.frombuffer(generator["key"], numpy.uint32), 624))
    assert copy.random(5).tolist() == numpy.random.random(5).tolist()


def _numbers(seed: int) -> list[float]:
    generator = random.Random(seed)
    return [generator.random() for _ in range(3)]
