import numpy as np

def main():
    return {
        "int": np.int64(2**62),
        "float": np.float32(0.5),
        "bool": np.bool_(True),
        "matrix": np.arange(6).reshape(2, 3),
        "nan": np.array([1.0, np.nan, np.inf]),
        "text": np.array(["a", "b"]),
        "time": np.datetime64("2026-11-20T10:00:00"),
        "empty": np.array([]),
        "zero": np.array(7),
    }
