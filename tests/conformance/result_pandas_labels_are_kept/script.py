import pandas as pd

frame = pd.DataFrame({"k": ["x", "y", "x"], "g": [0, 0, 1], "v": [1, 2, 3]})


def main():
    return [
        frame.k.value_counts(),
        frame.iloc[0],
        frame.groupby(["k", "g"]).v.sum(),
        frame.set_index("k").head(1),
        frame.groupby("k")[["v"]].agg(["sum", "max"]),
        frame[["v"]].describe().tail(1),
        frame[["v"]].tail(1),
        frame.dtypes["v":],
    ]
