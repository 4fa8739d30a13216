"""What return values become: the standard library's types."""

import json
import sys

from support import function, returned


def test_json_types_stay_as_they_are() -> None:
    text = '{"a":[1,-2.5,1e+100,true,false,null,"é\\n\\"\\\\ 😀"],"b":{}}'
    assert function("import json\ndef main(x): return x", input_text=text).text == text


def test_integers_are_exact_at_any_size() -> None:
    assert returned("[2**53 + 1, -2**63, 10**400]").value == [2**53 + 1, -(2**63), 10**400]
    digits = returned("{'n': [10**5000 + 7]}").text
    assert digits == '{"n":[1' + "0" * 4999 + "7]}"


def test_a_lowered_digit_limit_does_not_matter() -> None:
    script = "import sys\ndef main():\n    sys.set_int_max_str_digits(640)\n    return 7**2000"
    assert function(script).text == str(7**2000)


def test_nan_and_infinities_are_null() -> None:
    assert (
        returned("[float('nan'), float('inf'), -float('inf'), 1.0]").text == "[null,null,null,1.0]"
    )
    assert returned("float('nan')").text == "null"


def test_strings_that_look_like_nan_stay() -> None:
    value = ["NaN", "-Infinity", 'a"NaN\\', "\\", None, "x NaN, Infinity"]
    script = "def main(x): return [x, float('nan'), {'NaN': float('inf')}]"
    outcome = function(script, input_text=json.dumps(value))
    assert outcome.value == [value, None, {"NaN": None}]


def test_lone_surrogates_become_replacement_characters() -> None:
    assert returned(r"['\ud800', 'a\udfffb', {'\udc00': 1}]").value == [
        "\ufffd",
        "a\ufffdb",
        {"\ufffd": 1},
    ]
    assert returned(r"'\ud83d' + '\ude00'").value == "😀"


def test_sequences_are_arrays() -> None:
    for expression in (
        "(1, 2, 3)",
        "range(1, 4)",
        "collections.deque([1, 2, 3])",
        "{1: 0, 2: 0, 3: 0}.keys()",
        "{'a': 1, 'b': 2, 'c': 3}.values()",
        "collections.OrderedDict(a=1, b=2, c=3).values()",
        "array.array('i', [1, 2, 3])",
        "collections.UserList([1, 2, 3])",
        "collections.namedtuple('Point', 'x y z')(1, 2, 3)",
    ):
        assert returned(expression, "import array, collections").value == [1, 2, 3], expression
    assert returned("{'a': 1}.items()").value == [["a", 1]]


def test_sets_are_sorted_where_they_can_be() -> None:
    assert returned("{3, 1, 2}").value == [1, 2, 3]
    assert returned("frozenset('hello')").value == ["e", "h", "l", "o"]
    assert sorted(returned("{1, 'a'}").value, key=str) == [1, "a"]
    assert returned("set()").value == []


def test_mappings_are_objects() -> None:
    for expression in (
        "{'a': 1}",
        "collections.OrderedDict(a=1)",
        "collections.defaultdict(list, a=1)",
        "collections.Counter('a')",
        "collections.ChainMap({'a': 1}, {'a': 2})",
        "collections.UserDict(a=1)",
        "types.MappingProxyType({'a': 1})",
    ):
        assert returned(expression, "import collections, types").value == {"a": 1}, expression


def test_keys_become_text() -> None:
    script = """
import datetime, enum, uuid
class Color(enum.Enum): RED = "red"
class Level(enum.IntEnum): HIGH = 3
def main():
    return {1: 1, 2.5: 2, True: 3, None: 4, float("nan"): 5, Color.RED: 6, Level.HIGH: 7,
            datetime.date(2024, 2, 29): 8, uuid.UUID(int=1): 9, -10**25: 10}
"""
    day, number = "2024-02-29", "00000000-0000-0000-0000-000000000001"
    big = "-1" + "0" * 25
    # To Python 1 and True are the same key.
    assert list(function(script).value) == ["1", "2.5", "null", "NaN", "red", "3", day, number, big]


def test_dates_and_times_are_iso_8601() -> None:
    imports = "from datetime import *"
    assert returned("date(2024, 2, 29)", imports).value == "2024-02-29"
    assert (
        returned("datetime(2024, 2, 29, 12, 30, 0, 5)", imports).value
        == "2024-02-29T12:30:00.000005"
    )
    assert (
        returned("datetime(2024, 2, 29, tzinfo=timezone.utc)", imports).value
        == "2024-02-29T00:00:00+00:00"
    )
    assert returned("time(23, 59)", imports).value == "23:59:00"


def test_durations_are_iso_8601() -> None:
    for arguments, text in {
        "days=1, seconds=5": "P1DT0H0M5S",
        "hours=2, milliseconds=1500": "P0DT2H0M1.5S",
        "microseconds=10": "P0DT0H0M0.00001S",
        "seconds=-1": "P-1DT23H59M59S",
        "": "P0DT0H0M0S",
    }.items():
        assert returned(f"timedelta({arguments})", "from datetime import timedelta").value == text


def test_numbers_and_names_with_a_text_form_are_strings() -> None:
    for expression, text in {
        "decimal.Decimal('1.10')": "1.10",
        "fractions.Fraction(1, 3)": "1/3",
        "uuid.UUID(int=5)": "00000000-0000-0000-0000-000000000005",
        "pathlib.PurePosixPath('/a/b')": "/a/b",
        "collections.UserString('s')": "s",
    }.items():
        assert (
            returned(expression, "import collections, decimal, fractions, pathlib, uuid").value
            == text
        )


def test_bytes_are_base64() -> None:
    for expression in (
        "b'hi\\xff'",
        "bytearray(b'hi\\xff')",
        "memoryview(b'hi\\xff')",
        "memoryview(b'h-i-\\xff-')[::2]",
    ):
        assert returned(expression).value == "aGn/", expression
    assert returned("b''").value == ""


def test_enum_members_are_their_values() -> None:
    script = """
import enum
class Color(enum.Enum):
    RED = "r"
    POINT = (1, 2)
class Level(enum.IntEnum): HIGH = 3
class Flags(enum.Flag): A = 1; B = 2
class Name(str, enum.Enum): X = "x"
def main(): return [Color.RED, Color.POINT, Level.HIGH, Flags.A | Flags.B, Name.X]
"""
    assert function(script).value == ["r", [1, 2], 3, 3, "x"]


def test_dataclasses_are_objects() -> None:
    script = """
from dataclasses import dataclass, field
from typing import ClassVar
@dataclass
class Inner:
    values: set
@dataclass(slots=True)
class Outer:
    name: str
    inner: Inner
    kind: ClassVar[str] = "left out"
def main(): return [Outer("n", Inner({2, 1}))]
"""
    assert function(script).value == [{"name": "n", "inner": {"values": [1, 2]}}]


def test_the_careful_way_gives_the_same_answers() -> None:
    """A key of another type makes the C encoder fail, whatever else there is."""
    expression = "[1, 'a', None, True, 2.5, (1, b'x'), {'k': datetime.date(2024, 1, 1)}, {3, 1}, collections.Counter('aa')]"
    plain = returned(expression, "import collections, datetime").value
    careful = returned(
        f"[{expression}, {{datetime.date(2024, 1, 1): 1}}]", "import collections, datetime"
    ).value
    assert careful[0] == plain


def test_deep_values_are_fine_up_to_a_thousand_levels() -> None:
    for wrap in ("[value]", "{'a': value}", "(value, {datetime.date(2024, 1, 1): 1})"):
        script = f"import datetime\ndef main():\n    value = 1\n    for _ in range(400): value = {wrap}\n    return value"
        assert function(script).text.startswith(("[", "{"))


def test_a_subclass_of_a_string_or_number_is_one() -> None:
    script = """
class S(str): pass
class I(int):
    def __repr__(self): return "junk"
class F(float):
    def __repr__(self): return "junk"
class L(list): pass
class D(dict): pass
def main(): return [S("s"), I(5), F(2.5), L([1]), D(a=1), {I(6): 1, F(2.5): 2, S("t"): 3}]
"""
    assert function(script).text == '["s",5,2.5,[1],{"a":1},{"6":1,"2.5":2,"t":3}]'


def test_the_digit_limit_and_recursion_limit_are_the_scripts_again_afterwards() -> None:
    script = """
import atexit, sys
def main():
    atexit.register(lambda: print(sys.get_int_max_str_digits(), sys.getrecursionlimit()))
    return {b"k": 10**5000}
"""
    assert function(script).stdout == f"{sys.get_int_max_str_digits()} {sys.getrecursionlimit()}\n"
