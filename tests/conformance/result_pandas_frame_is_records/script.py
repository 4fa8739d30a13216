import pandas as pd

def main():
    return pd.DataFrame({"name": ["x", None], "n": [1, 2], "f": [0.5, float("nan")], "t": [pd.Timestamp("2026-11-20 10:00"), pd.NaT]})
