import numpy as np


def main():
    np.random.seed(42)
    legacy = [np.random.randint(0, 100, 5).tolist(), np.random.rand(2).round(6).tolist(),
              np.random.permutation(6).tolist(), np.random.choice(5, 3).tolist()]
    rng = np.random.default_rng(7)
    return [legacy, rng.integers(0, 10**12, 3).tolist(), rng.normal(size=2).round(9).tolist(), rng.permutation(5).tolist()]
