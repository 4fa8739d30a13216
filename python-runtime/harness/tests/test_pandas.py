"""Return values made of pandas' tables, columns and scalars."""

from support import function, returned

REQUIRES = ("numpy", "pandas")
IMPORTS = "import numpy as np, pandas as pd, datetime"


def value_of(expression: str) -> object:
    return returned(expression, IMPORTS).value


def test_a_data_frame_is_a_list_of_records():
    frame = "pd.DataFrame({'n': [1, 2], 'x': [0.5, np.nan], 's': ['a', None], 'b': [True, False]})"
    assert value_of(frame) == [
        {"n": 1, "x": 0.5, "s": "a", "b": True},
        {"n": 2, "x": None, "s": None, "b": False},
    ]


def test_dates_in_a_data_frame_are_iso_8601():
    frame = "pd.DataFrame({'d': pd.to_datetime(['2024-01-01', None]), 'z': pd.to_datetime(['2024-01-01', '2024-06-01']).tz_localize('UTC'), 't': pd.to_timedelta([90, None], unit='s')})"
    assert value_of(frame) == [
        {"d": "2024-01-01T00:00:00", "z": "2024-01-01T00:00:00+00:00", "t": "P0DT0H1M30S"},
        {"d": None, "z": "2024-06-01T00:00:00+00:00", "t": None},
    ]


def test_column_names_are_text():
    assert value_of("pd.DataFrame([[1, 2]])") == [{"0": 1, "1": 2}]
    assert value_of("pd.DataFrame([[1]], columns=[pd.Timestamp('2024-01-01')])") == [
        {"2024-01-01T00:00:00": 1}
    ]
    grouped = "pd.DataFrame({'k': ['a'], 'v': [1]}).groupby('k').agg(['sum'])"
    assert value_of(grouped) == [{"('v', 'sum')": 1}]


def test_columns_of_the_same_name_are_refused():
    returned("[pd.DataFrame([[1, 2]], columns=['a', 'a'])]", IMPORTS).fails_with(
        "not_serializable", "result[0]: DataFrame with two columns named 'a' has no form as records"
    )


def test_empty_frames():
    assert value_of("pd.DataFrame()") == []
    assert value_of("pd.DataFrame({'a': []})") == []
    assert value_of("pd.DataFrame(index=[1, 2])") == [{}, {}]


def test_series_and_indexes_are_lists():
    assert value_of("pd.Series([1, 2], index=['x', 'y'])") == [1, 2]
    assert value_of("pd.Series([1.5, np.nan, np.inf])") == [1.5, None, None]
    assert value_of("pd.Series(['a', None])") == ["a", None]
    assert value_of("pd.Index([3, 1])") == [3, 1]
    assert value_of("pd.RangeIndex(3)") == [0, 1, 2]
    assert value_of("pd.DatetimeIndex(['2024-01-01'])") == ["2024-01-01T00:00:00"]
    assert value_of("pd.MultiIndex.from_tuples([(1, 'a'), (2, 'b')])") == [[1, "a"], [2, "b"]]


def test_extension_types():
    assert value_of("pd.Series([1, None], dtype='Int64')") == [1, None]
    assert value_of("pd.array([1.5, None], dtype='Float64')") == [1.5, None]
    assert value_of("pd.array([True, None], dtype='boolean')") == [True, None]
    assert value_of("pd.array(['a', None], dtype='string')") == ["a", None]
    assert value_of("pd.Categorical(['a', None, 'b'])") == ["a", None, "b"]
    assert value_of("pd.Series(['a', 'b'], dtype='category')") == ["a", "b"]
    assert value_of("pd.Series(pd.arrays.SparseArray([0, 1, 0]))") == [0, 1, 0]
    assert value_of("pd.period_range('2024-01', periods=2, freq='M')") == ["2024-01", "2024-02"]
    assert value_of("pd.cut(pd.Series([1, 5]), [0, 2, 6])") == ["(0, 2]", "(2, 6]"]


def test_object_columns_may_hold_anything():
    values = "[1, 'a', None, np.nan, pd.NaT, pd.NA, [1, 2], {'k': np.int64(3)}, datetime.date(2024, 1, 1), float('inf')]"
    expected = [1, "a", None, None, None, None, [1, 2], {"k": 3}, "2024-01-01", None]
    assert value_of(f"pd.Series({values}, dtype=object)") == expected
    assert value_of(f"pd.DataFrame({{'o': pd.Series({values}, dtype=object)}})") == [
        {"o": value} for value in expected
    ]


def test_the_path_leads_into_a_data_frame():
    returned("{'df': pd.DataFrame({'a': [1, object()]})}", IMPORTS).fails_with(
        "not_serializable", 'result["df"][1]["a"]: object of type object is not JSON serializable'
    )


def test_scalars():
    assert value_of("[pd.Timestamp('2024-01-01 12:00'), pd.Timestamp('2024-01-01', tz='UTC')]") == [
        "2024-01-01T12:00:00",
        "2024-01-01T00:00:00+00:00",
    ]
    assert value_of("[pd.NaT, pd.NA, pd.Timedelta('1D 2h 0.5s')]") == [None, None, "P1DT2H0M0.5S"]
    assert value_of("[pd.Period('2024-01'), pd.Interval(0, 1)]") == ["2024-01", "(0, 1]"]


def test_timestamps_may_be_keys():
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


def test_columns_and_scalars_are_written_alike():
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


def test_groups_are_refused_with_a_hint():
    returned("pd.DataFrame({'a': [1]}).groupby('a')", IMPORTS).fails_with(
        "not_serializable",
        "result: object of type pandas.api.typing.DataFrameGroupBy is not JSON serializable; aggregate the groups first",
    )


def test_library_frames_are_left_out_of_tracebacks():
    fault = returned("pd.DataFrame({'a': [1]})['b']", IMPORTS).fault
    assert (fault["message"], fault["line"]) == ("KeyError: 'b'", 3)
    assert "pandas" not in fault["traceback"].replace(
        "import numpy as np, pandas as pd, datetime", ""
    )
