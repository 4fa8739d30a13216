import io

import pandas as pd


def main():
    text = "day,amount,note\n2024-01-03,1\u202f000,x\n2024-01-04,,\n"
    df = pd.read_csv(io.StringIO(text.replace("\u202f", "")), parse_dates=["day"])
    wide = pd.read_csv(io.StringIO("a;b\n1,5;9999999999\n"), sep=";", decimal=",")
    back = pd.read_json(io.StringIO(df.to_json(orient="records", date_format="iso")))
    return [str(df.dtypes["day"])[:10], df.amount.tolist()[0], int(df.isna().sum().sum()), wide.values.tolist(), str(wide.b.dtype), back.shape, df.to_csv(index=False)]
