import numpy as np


def main():
    ones = np.ones(100_000)
    while True:
        ones + ones
