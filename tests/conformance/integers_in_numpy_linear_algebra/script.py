import numpy as np


def main():
    m = np.array([[1, 1], [1, 0]])
    return [np.linalg.matrix_power(m, 60).tolist(), np.outer([70_000], [70_000]).tolist(),
            np.einsum("i,i->", [60_000, 60_000], [60_000, 60_000]).item(), np.trace([[2**31, 0], [0, 2**31]]).item()]
