import pandas as pd


def main():
    a = pd.DataFrame({"k": [1, 2, 3], "x": [10, 20, 30]})
    b = pd.DataFrame({"k": [2, 3, 4], "y": ["p", "q", "r"]})
    outer = a.merge(b, on="k", how="outer", indicator=True)
    long = pd.DataFrame({"d": ["m", "m", "t"], "c": ["u", "v", "u"], "n": [1, 2, 3]})
    return [outer.fillna("-").astype(str).values.tolist(), long.pivot_table(index="d", columns="c", values="n", fill_value=0).values.tolist(),
            pd.Series([1, 2, 3, 4]).rolling(2).mean().fillna(0).tolist(), pd.cut([1, 5, 9], [0, 3, 6, 10], labels=["l", "m", "h"]).tolist(),
            long.melt("d").shape, pd.Series([1, 2, 3, 4]).ewm(span=2).mean().round(6).tolist(), a.x.rank(ascending=False).tolist()]
