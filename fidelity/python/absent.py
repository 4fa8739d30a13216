"""Stands for modules that only exist to test C code, which no image has: what calls them is skipped."""

import importlib.abc
import importlib.machinery
import sys
import unittest

#: numpy builds these for its own tests, and the sandbox's numpy was built without.
TEST_HELPERS = {
    "numpy._core._multiarray_tests",
    "numpy._core._umath_tests",
    "numpy._core._rational_tests",
    "numpy._core._operand_flag_tests",
    "numpy._core._struct_ufunc_tests",
}


class Absent(importlib.abc.Loader):
    """Makes a module in which every name is something that skips its test when it is called."""

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in TEST_HELPERS else None

    def exec_module(self, module):
        def __getattr__(name):
            if name.startswith("__"):
                raise AttributeError(name)
            if name == "get_fpu_mode":
                # Asked before and after each test.
                return int

            def absent(*_, **__):
                raise unittest.SkipTest(f"{module.__name__} is not built")

            # The name of a type is used where only a type can be.
            return type(name, (), {"__init__": absent}) if name == "rational" else absent

        module.__getattr__ = __getattr__


def install_absent() -> None:
    """Last of all: natively these modules exist."""
    sys.meta_path.append(Absent())
