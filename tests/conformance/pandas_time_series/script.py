import pandas as pd


def main():
    s = pd.Series(range(6), index=pd.date_range("2024-01-30", periods=6, freq="D"))
    return [s.resample("ME").sum().tolist(), s.loc["2024-02"].tolist(), s.shift(1, freq="B").index[0].isoformat(), str(s.index.inferred_freq),
            pd.Timestamp("2024-03-10 12:00", tz="US/Eastern").tz_convert("UTC").isoformat(), (pd.Timestamp("2024-03-01") - pd.Timestamp("2024-02-01")).days,
            pd.to_datetime(["31/12/2023"], dayfirst=True)[0].isoformat(), pd.period_range("2024Q1", periods=2, freq="Q").astype(str).tolist()]
