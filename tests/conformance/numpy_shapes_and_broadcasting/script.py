import numpy as np


def main():
    a = np.arange(6).reshape(2, 3)
    b = np.where(a % 2 == 0, a, -a)
    return [(a + a[:, :1]).tolist(), a[a > 2].tolist(), a[::-1, ::2].tolist(), b.T.tolist(), np.stack([a, b]).shape, np.argsort([3, 1, 2]).tolist(),
            np.unique([3, 1, 3], return_counts=True)[1].tolist(), np.histogram([1, 2, 2, 5], bins=2)[0].tolist(), np.interp(2.5, [2, 3], [20, 30]).item(),
            np.percentile(a, [25, 75]).tolist(), np.linalg.solve([[2, 0], [0, 4]], [2, 4]).tolist(), np.cross([1, 0, 0], [0, 1, 0]).tolist(), repr(np.float32(0.1)), str(a)]
