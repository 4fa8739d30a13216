import warnings

import numpy as np


def main():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(np.array([1.0, -1.0, 0.0]) / 0), str(np.sqrt([-1.0])), str(np.log([0.0])), bool(np.isnan(np.nanmean([np.nan, np.nan]))), np.nansum([1, np.nan]).item()]
