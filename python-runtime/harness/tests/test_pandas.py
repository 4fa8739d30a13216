"""Return values made of pandas' tables, columns and scalars."""

from typing import Any

from support import function, returned

REQUIRES = ("numpy", "pandas")
IMPORTS = "import numpy as np, pandas as pd, datetime"


def value_of(expression: str) -> Any:
    return returned(expression, IMPORTS).value


def test_a_data_frame_is_a_list_of_records() -> None:
    frame = "pd.DataFrame({'n': [1, 2], 'x': [0.5, np.nan], 's': ['a', None], 'b': [True, False]})"
    assert value_of(frame) == [
        {"n": 1, "x": 0.5, "s": "a", "b": True},
        {"n": 2, "x": None, "s": None, "b": False},
    ]


def test_dates_in_a_data_frame_are_iso_8601() -> None:
    frame = "pd.DataFrame({'d': pd.to_datetime(['2024-01-01', None]), 'z': pd.to_datetime(['2024-01-01', '2024-06-01']).tz_localize('UTC'), 't': pd.to_timedelta([90, None], unit='s')})"
    assert value_of(frame) == [
        {"d": "2024-01-01T00:00:00", "z": "2024-01-01T00:00:00+00:00", "t": "P0DT0H1M30S"},
        {"d": None, "z": "2024-06-01T00:00:00+00:00", "t": None},
    ]


def test_column_names_are_text() -> None:
    assert value_of("pd.DataFrame([[1, 2]])") == [{"0": 1, "1": 2}]
    assert value_of("pd.DataFrame([[1]], columns=[pd.Timestamp('2024-01-01')])") == [
        {"2024-01-01T00:00:00": 1}
    ]
    grouped = "pd.DataFrame({'k': ['a'], 'v': [1]}).groupby('k').agg(['sum'])"
    assert value_of(grouped) == [{"k": "a", "v_sum": 1}]
    assert value_of("pd.DataFrame([[1, 2]], columns=[('a', 1), ('a', '')])") == [{"a_1": 1, "a": 2}]


def test_columns_of_the_same_name_are_refused() -> None:
    returned("[pd.DataFrame([[1, 2]], columns=['a', 'a'])]", IMPORTS).fails_with(
        "not_serializable", "result[0]: DataFrame with two columns named 'a' has no form as records"
    )


def test_empty_frames() -> None:
    assert value_of("pd.DataFrame()") == []
    assert value_of("pd.DataFrame({'a': []})") == []
    assert value_of("pd.DataFrame(index=range(2))") == [{}, {}]
    assert value_of("pd.DataFrame(index=[1, 2])") == [{"index": 1}, {"index": 2}]
    assert value_of("pd.Series([], dtype=float)") == []
    assert value_of("pd.Series([], dtype=str).value_counts()") == {}


def test_series_and_indexes_are_lists() -> None:
    assert value_of("pd.Series([1.5, np.nan, np.inf])") == [1.5, None, None]
    assert value_of("pd.Series(['a', None])") == ["a", None]
    assert value_of("pd.Index([3, 1])") == [3, 1]
    assert value_of("pd.RangeIndex(3)") == [0, 1, 2]
    assert value_of("pd.DatetimeIndex(['2024-01-01'])") == ["2024-01-01T00:00:00"]
    assert value_of("pd.MultiIndex.from_tuples([(1, 'a'), (2, 'b')])") == [[1, "a"], [2, "b"]]


def test_the_labels_of_a_series_are_its_keys() -> None:
    for series, expected in (
        ("pd.Series([1, 2], index=['x', 'y'])", {"x": 1, "y": 2}),
        ("pd.Series(['x', 'y', 'x']).value_counts()", {"x": 2, "y": 1}),
        ("pd.Series([0, 0, 1]).value_counts()", {"0": 2, "1": 1}),
        ("pd.Series([3, 1, 2]).sort_values()", {"1": 1, "2": 2, "0": 3}),
        ("pd.Series([3, 1, 2]).iloc[1:]", {"1": 1, "2": 2}),
        ("pd.Series([1, 5]).pipe(pd.cut, [0, 2, 6]).value_counts()", {"(0, 2]": 1, "(2, 6]": 1}),
        ("pd.DataFrame({'name': ['Ann'], 'age': [30]}).iloc[0]", {"name": "Ann", "age": 30}),
        ("pd.DataFrame({'a': [1, 3]}).mean()", {"a": 2.0}),
        ("pd.DataFrame({'a': [1], 'b': [.5]}).dtypes", {"a": "int64", "b": "float64"}),
        ("pd.DataFrame({'u': [0, 1, 0], 'v': [1, 7, 3]}).groupby('u').v.sum()", {"0": 4, "1": 7}),
        (
            "pd.Series([1.5], pd.date_range('2024-01-31', periods=1)).resample('ME').mean()",
            {"2024-01-31T00:00:00": 1.5},
        ),
        ("pd.Series([1, 2], index=[None, 'x'])", {"null": 1, "x": 2}),
        ("{'n': pd.Series([1.0, np.nan], index=['x', 'y'])}", {"n": {"x": 1.0, "y": None}}),
    ):
        assert value_of(series) == expected, series
    described = value_of("pd.Series([1, 2, 3]).describe()")
    assert list(described) == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]


def test_labels_that_are_no_keys_lie_beside_the_values() -> None:
    assert value_of("pd.Series([1, 2], index=['x', 'x'])") == [
        {"index": "x", "value": 1},
        {"index": "x", "value": 2},
    ]
    assert value_of("pd.Series([1, 2], index=[1, '1'])") == [
        {"index": 1, "value": 1},
        {"index": "1", "value": 2},
    ]
    frame = "pd.DataFrame({'a': ['x', 'x'], 'b': [1, 2], 'v': [3, 4]})"
    assert value_of(f"{frame}.groupby(['a', 'b']).v.sum()") == [
        {"index": ["x", 1], "value": 3},
        {"index": ["x", 2], "value": 4},
    ]


def test_the_labels_of_a_frame_are_its_first_columns() -> None:
    frame = "pd.DataFrame({'k': ['x', 'y', 'x'], 'g': [1, 1, 2], 'v': [1, 2, 3]})"
    for expression, expected in (
        (f"{frame}.set_index('k')[['v']].head(2)", [{"k": "x", "v": 1}, {"k": "y", "v": 2}]),
        (f"{frame}.set_index('k', drop=False)[['k']].head(1)", [{"k": "x"}]),
        (f"{frame}[['v']].tail(1)", [{"index": 2, "v": 3}]),
        (f"{frame}.groupby('k')[['v']].sum()", [{"k": "x", "v": 4}, {"k": "y", "v": 2}]),
        (f"{frame}.groupby('k', as_index=False).v.sum().head(1)", [{"k": "x", "v": 4}]),
        (
            f"{frame}.groupby(['k', 'g'])[['v']].sum().head(2)",
            [{"k": "x", "g": 1, "v": 1}, {"k": "x", "g": 2, "v": 3}],
        ),
        (
            f"{frame}.pivot_table(index='k', columns='g', values='v', aggfunc='sum')",
            [{"k": "x", "1": 1.0, "2": 3.0}, {"k": "y", "1": 2.0, "2": None}],
        ),
        (
            f"{frame}.groupby('k')[['v']].agg(['sum', 'max'])",
            [{"k": "x", "v_sum": 4, "v_max": 3}, {"k": "y", "v_sum": 2, "v_max": 2}],
        ),
        ("pd.DataFrame({'a': [1, 2]}).T", [{"index": "a", "0": 1, "1": 2}]),
        ("pd.DataFrame({'index': [1]}, index=['x'])", [{"level_0": "x", "index": 1}]),
        (
            "pd.DataFrame({'a': [1]}, index=pd.MultiIndex.from_tuples([('x', 2)]))",
            [{"level_0": "x", "level_1": 2, "a": 1}],
        ),
    ):
        assert value_of(expression) == expected, expression
    rows = value_of("pd.DataFrame({'a': [1, 2, 3]}).describe()")
    assert [row["index"] for row in rows][:3] == ["count", "mean", "std"]


def test_an_index_named_like_a_column_is_refused() -> None:
    returned("pd.DataFrame({'a': [1]}, index=pd.Index([2], name='a'))", IMPORTS).fails_with(
        "not_serializable", "result: DataFrame with two columns named 'a' has no form as records"
    )


def test_extension_types() -> None:
    assert value_of("pd.Series([1, None], dtype='Int64')") == [1, None]
    assert value_of("pd.array([1.5, None], dtype='Float64')") == [1.5, None]
    assert value_of("pd.array([True, None], dtype='boolean')") == [True, None]
    assert value_of("pd.array(['a', None], dtype='string')") == ["a", None]
    assert value_of("pd.Categorical(['a', None, 'b'])") == ["a", None, "b"]
    assert value_of("pd.Series(['a', 'b'], dtype='category')") == ["a", "b"]
    assert value_of("pd.Series(pd.arrays.SparseArray([0, 1, 0]))") == [0, 1, 0]
    assert value_of("pd.period_range('2024-01', periods=2, freq='M')") == ["2024-01", "2024-02"]
    assert value_of("pd.cut(pd.Series([1, 5]), [0, 2, 6])") == ["(0, 2]", "(2, 6]"]


def test_object_columns_may_hold_anything() -> None:
    values = "[1, 'a', None, np.nan, pd.NaT, pd.NA, [1, 2], {'k': np.int64(3)}, datetime.date(2024, 1, 1), float('inf')]"
    expected = [1, "a", None, None, None, None, [1, 2], {"k": 3}, "2024-01-01", None]
    assert value_of(f"pd.Series({values}, dtype=object)") == expected
    assert value_of(f"pd.DataFrame({{'o': pd.Series({values}, dtype=object)}})") == [
        {"o": value} for value in expected
    ]


def test_the_path_leads_into_a_data_frame() -> None:
    returned("{'df': pd.DataFrame({'a': [1, object()]})}", IMPORTS).fails_with(
        "not_serializable", 'result["df"][1]["a"]: object of type object is not JSON serializable'
    )


def test_scalars() -> None:
    assert value_of("[pd.Timestamp('2024-01-01 12:00'), pd.Timestamp('2024-01-01', tz='UTC')]") == [
        "2024-01-01T12:00:00",
        "2024-01-01T00:00:00+00:00",
    ]
    assert value_of("[pd.NaT, pd.NA, pd.Timedelta('1D 2h 0.5s')]") == [None, None, "P1DT2H0M0.5S"]
    assert value_of("[pd.Period('2024-01'), pd.Interval(0, 1)]") == ["2024-01", "(0, 1]"]


def test_timestamps_may_be_keys() -> None:
    assert value_of("{pd.Timestamp('2024-01-01'): 1, pd.Period('2024-01'): 2}") == {
        "2024-01-01T00:00:00": 1,
        "2024-01": 2,
    }
    assert value_of(
        "pd.Series([1, 2], index=pd.to_datetime(['2024-01-01', '2024-01-02'])).to_dict()"
    ) == {
        "2024-01-01T00:00:00": 1,
        "2024-01-02T00:00:00": 2,
    }


def test_columns_and_scalars_are_written_alike() -> None:
    script = """
import pandas as pd, datetime
def main():
    instants = pd.to_datetime(["2024-01-01", "2024-01-01 00:00:00.5", "2024-01-01 00:00:00.000001", "2024-01-01 00:00:00.000000001"], format="ISO8601")
    durations = pd.to_timedelta(["1D", "-1s", "0.5s", "1ns", "100D 23:59:59.999999"])
    plain = [datetime.timedelta(days=1), datetime.timedelta(seconds=-1), datetime.timedelta(milliseconds=500)]
    return [
        [list(pd.Series(instants)), list(pd.Series(durations)), [pd.Timedelta(d) for d in plain]],
        [instants, durations, plain],
    ]
"""
    scalars, columns = function(script).value
    assert scalars == columns


def test_groups_are_refused_with_a_hint() -> None:
    returned("pd.DataFrame({'a': [1]}).groupby('a')", IMPORTS).fails_with(
        "not_serializable",
        "result: object of type pandas.api.typing.DataFrameGroupBy is not JSON serializable; aggregate the groups first",
    )


def test_library_frames_are_left_out_of_tracebacks() -> None:
    fault = returned("pd.DataFrame({'a': [1]})['b']", IMPORTS).fault
    assert (fault["message"], fault["line"]) == ("KeyError: 'b'", 3)
    assert "pandas" not in fault["traceback"].replace(
        "import numpy as np, pandas as pd, datetime", ""
    )
