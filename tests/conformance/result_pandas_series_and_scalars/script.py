import pandas as pd

def main():
    return [
        pd.Series([1, 2, 3]),
        pd.Series([1, None], dtype="Int64"),
        pd.Timestamp("2026-11-20", tz="UTC"),
        pd.Timedelta("1 days 02:00:00"),
        pd.NA,
        pd.NaT,
        pd.Index(["a", "b"]),
        pd.Period("2026-11", "M"),
    ]
