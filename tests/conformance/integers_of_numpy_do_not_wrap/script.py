import numpy as np


def main():
    a = np.array([100_000, 3])
    return [(a**2).tolist(), int(np.arange(1, 100_001).sum()), np.prod([99_999, 99_999]).item(),
            np.cumsum([2**31 - 1, 2]).tolist(), np.dot(a, a).item(), str(a.dtype), str((a * 2).dtype)]
