import pandas as pd

def main(rows):
    df = pd.DataFrame(rows)
    return df.groupby("k", as_index=False)["v"].sum()
