import os
import sys
import warnings

before = set(sys.modules)
filters, environ = list(warnings.filters), dict(os.environ)
heavy = {"sklearn", "scipy", "sympy", "seaborn", "statsmodels", "requests", "plotly", "pytest", "IPython", "pdb"}
print(sorted(heavy & before), "rocket" in __import__("matplotlib").colormaps)
import sklearn.linear_model

print("sklearn" in sys.modules, "scipy" in sys.modules, "seaborn" in sys.modules, "pytest" in sys.modules)
print(sklearn.__spec__.name, sklearn.linear_model.__spec__.parent, sklearn.__name__, type(sklearn.__loader__).__name__)
import seaborn

print("rocket" in __import__("matplotlib").colormaps, len(warnings.filters) > len(filters))
import importlib

import colorama

print(importlib.reload(colorama) is colorama, importlib.util.find_spec("sympy").name, "sympy" in sys.modules)
