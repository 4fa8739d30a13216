import numpy as np


def main():
    big = np.array([2**63 - 1])
    return [(big + 1).tolist(), np.array([2**31 - 1], dtype="int32").sum().item(),
            (np.array([200], dtype="uint8") + np.array([100], dtype="uint8")).tolist(), str(np.array([2**63]).dtype)]
