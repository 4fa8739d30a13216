"""Return values made of numpy's scalars and arrays."""

from typing import Any

from support import returned

REQUIRES = ("numpy",)
KIND = "not_serializable"


def value_of(expression: str) -> Any:
    return returned(expression, "import numpy as np").value


def test_scalars_are_plain_numbers() -> None:
    expression = "[np.int64(2**60), np.uint8(255), np.float64(0.1), np.float32(0.5), np.float16(0.25), np.longdouble(1.5), np.bool_(True)]"
    assert value_of(expression) == [2**60, 255, 0.1, 0.5, 0.25, 1.5, True]
    assert value_of("[np.str_('s'), np.bytes_(b'hi')]") == ["s", "aGk="]


def test_scalars_may_be_keys() -> None:
    assert value_of("{np.int64(0): 1, np.float64(2.5): 2, np.bool_(True): 3, np.str_('s'): 4}") == {
        "0": 1,
        "2.5": 2,
        "true": 3,
        "s": 4,
    }


def test_non_finite_numbers_are_null() -> None:
    assert value_of("[np.float64('nan'), np.float32('inf'), np.array([1.0, np.nan, -np.inf])]") == [
        None,
        None,
        [1.0, None, None],
    ]
    assert value_of("np.array([[np.nan, 1], [2, np.inf]], dtype=np.longdouble)") == [
        [None, 1.0],
        [2.0, None],
    ]


def test_arrays_nest_as_their_shape_does() -> None:
    assert value_of("np.arange(8).reshape(2, 2, 2)") == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    assert value_of("np.array(5)") == 5
    assert value_of("np.array(np.nan)") is None
    assert value_of("np.zeros((0, 3))") == []
    assert value_of("np.zeros((2, 0))") == [[], []]
    assert value_of("np.matrix([[1, 2]])") == [[1, 2]]
    assert value_of("np.arange(6).reshape(2, 3)[::-1, ::2]") == [[3, 5], [0, 2]]
    assert value_of("np.array([[True, False]])") == [[True, False]]


def test_arrays_of_text_and_objects() -> None:
    assert value_of("np.array(['a', 'bb'])") == ["a", "bb"]
    assert value_of("np.array([b'hi'])") == ["aGk="]
    assert value_of("np.array(['a', 'bb'], dtype=np.dtypes.StringDType())") == ["a", "bb"]
    assert value_of("np.array([1, 'a', None, {2}, np.int8(3)], dtype=object)") == [
        1,
        "a",
        None,
        [2],
        3,
    ]


def test_instants_are_iso_8601() -> None:
    assert value_of("np.array(['2024-02-29', 'NaT'], dtype='M8[D]')") == ["2024-02-29", None]
    assert value_of("np.array(['2024-02'], dtype='M8[M]')") == ["2024-02"]
    assert value_of("np.datetime64('2024-02-29T05', 'h')") == "2024-02-29T05:00:00"
    assert value_of("np.datetime64('2024-02-29T05:06:07', 's')") == "2024-02-29T05:06:07"
    assert value_of("np.datetime64('2024-02-29T05:06:07.5', 'ms')") == "2024-02-29T05:06:07.500000"
    assert value_of("np.datetime64('2024-02-29T05:06:07', 'us')") == "2024-02-29T05:06:07"
    nanoseconds = "np.array(['2024-01-01', '2024-01-01T00:00:00.5', '2024-01-01T00:00:00.000000001', 'NaT'], dtype='M8[ns]')"
    assert value_of(nanoseconds) == [
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.500000",
        "2024-01-01T00:00:00.000000001",
        None,
    ]
    assert value_of("np.array([['2024-01-01'], ['2024-01-02']], dtype='M8[s]')") == [
        ["2024-01-01T00:00:00"],
        ["2024-01-02T00:00:00"],
    ]
    assert value_of("np.datetime64('NaT')") is None


def test_durations_are_iso_8601() -> None:
    assert value_of("np.timedelta64(90, 's')") == "P0DT0H1M30S"
    assert value_of("np.array([1, -1, 'NaT'], dtype='m8[D]')") == [
        "P1DT0H0M0S",
        "P-1DT0H0M0S",
        None,
    ]
    assert value_of("np.timedelta64(1, 'ns')") == "P0DT0H0M0.000000001S"
    assert value_of("np.timedelta64(3, '10ms')") == "P0DT0H0M0.03S"
    assert value_of("np.timedelta64(14, 'M')") == "P14M"
    assert value_of("np.timedelta64('NaT')") is None


def test_records_are_objects() -> None:
    array = (
        "np.array([(1, np.nan, 'x'), (2, 3.5, 'y')], dtype=[('a', 'i4'), ('b', 'f8'), ('c', 'U1')])"
    )
    records = [{"a": 1, "b": None, "c": "x"}, {"a": 2, "b": 3.5, "c": "y"}]
    assert value_of(array) == records
    assert value_of(f"{array}.view(np.recarray)") == records
    assert value_of(f"{array}[1]") == records[1]
    assert value_of(f"{array}.reshape(2, 1)") == [[records[0]], [records[1]]]
    nested = "np.zeros(1, dtype=[('p', [('x', 'f4'), ('y', 'f4')]), ('v', 'i2', (2,))])"
    assert value_of(nested) == [{"p": {"x": 0.0, "y": 0.0}, "v": [0, 0]}]
    assert value_of("np.void(b'hi')") == "aGk="


def test_masked_values_are_null() -> None:
    assert value_of("np.ma.array([1, 2, 3], mask=[0, 1, 0])") == [1, None, 3]
    assert value_of("np.ma.array([[1.5, np.nan]], mask=[[1, 0]])") == [[None, None]]
    assert value_of("np.ma.masked") is None


def test_complex_numbers_are_refused() -> None:
    returned("{'z': [np.complex128(1j)]}", "import numpy as np").fails_with(
        KIND,
        'result["z"][0]: object of type numpy.complex128 is not JSON serializable; use [z.real, z.imag] or str(z)',
    )
    returned("np.array([1j])", "import numpy as np").fails_with(
        KIND, "result: array of complex128 is not JSON serializable; use its real and imag parts"
    )


def test_the_careful_way_gives_the_same_answers() -> None:
    expression = "[np.arange(4).reshape(2, 2), np.float64('nan'), np.array([1.5, np.nan]), np.int8(3), np.datetime64('2024-01-01')]"
    assert value_of(f"[{expression}, {{np.int64(1): 1}}]")[0] == value_of(expression)
