"""Tables as they are displayed."""

from support import program

REQUIRES = ("numpy", "pandas")

IMPORT = "import pandas as pd\n"


def test_a_frame_is_a_table_whose_cells_are_escaped() -> None:
    ((media_type, data, words),) = program(
        IMPORT + "display(pd.DataFrame({'<i>': ['<script>', '&']}))"
    ).items
    assert media_type == "text/html"
    assert b"&lt;script&gt;" in data and b"<script>" not in data and b"<i>" not in data
    assert "<script>" in words


def test_a_column_is_a_table_too() -> None:
    ((media_type, data, words),) = program(IMPORT + "display(pd.Series([1, 2], name='n'))").items
    assert media_type == "text/html" and b"<table" in data
    assert "Name: n" in words


def test_a_long_frame_is_cut_and_says_so() -> None:
    ((_, data, words),) = program(IMPORT + "display(pd.DataFrame({'a': range(1_000_000)}))").items
    assert b"1000000 rows" in data and len(data) < 5000
    assert "[1000000 rows x 1 columns]" in words


def test_options_of_pandas_are_respected() -> None:
    script = (
        IMPORT
        + "pd.set_option('display.max_rows', 200)\ndisplay(pd.DataFrame({'a': range(100)}))\npd.reset_option('display.max_rows')"
    )
    ((_, data, _),) = program(script).items
    assert data.count(b"<tr") >= 100
