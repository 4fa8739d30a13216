import pandas as pd


def main():
    s = pd.Series([3_000_000_000, 7])
    df = pd.DataFrame({"k": ["a", "a", "b"], "v": [2_000_000_000] * 3})
    return [s.astype(int).tolist(), str(s.dtype), df.groupby("k").v.sum().tolist(), int(df.v.prod() % 1000),
            pd.Series([3e9]).astype(int).item(), str(df.v.astype("int").dtype)]
