import time


def main(input=None):
    import sys

    slow = {}
    for name in ("sklearn", "sklearn.ensemble", "scipy.stats", "statsmodels.api", "seaborn", "sympy", "networkx",
                 "lxml.etree", "openpyxl", "requests", "plotly.express", "pdb", "email.mime.text"):
        __import__(name)
    return len(sys.modules) > 1000
