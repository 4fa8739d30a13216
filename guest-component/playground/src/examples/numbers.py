"""numpy: throwing a million points at a circle. With a seed it is always the same pi."""

import numpy as np


def main():
    points = np.random.default_rng().random((1_000_000, 2))
    inside = (points**2).sum(axis=1) <= 1
    return {"pi": 4 * inside.mean(), "points": len(points)}
