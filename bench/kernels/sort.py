import numpy as np

A = (np.arange(500_000, dtype="f8") * 7919) % 500_009


def kernel():
    return float(np.sort(A)[1000])
