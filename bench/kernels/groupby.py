import numpy as np
import pandas as pd

N = 1_000_000
DF = pd.DataFrame({"key": np.arange(N) % 1000, "value": np.arange(N, dtype="f8") * 0.5})


def kernel():
    return float(DF.groupby("key")["value"].agg(["sum", "mean"]).sum().sum())
