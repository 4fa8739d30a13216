import numpy as np

A = (np.arange(250_000, dtype="f8").reshape(500, 500) % 97) / 97


def kernel():
    return float((A @ A).sum())
