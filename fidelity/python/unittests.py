"""Runs one module of tests made with unittest, CPython's own."""

import importlib
import io
import sys
import unittest


class Result(unittest.TestResult):
    """Reports each test, with its subtests as a whole."""

    def __init__(self, skipping):
        super().__init__()
        self._skipping = skipping
        self._outcome = None

    @staticmethod
    def case_of(test):
        """The name of a test as pytest would write it."""
        name, unit = test.id(), sys.argv[1]
        rest = name.removeprefix(f"test.{unit}.")
        return f"{unit}::{name}" if rest == name else f"{unit}::{rest.replace('.', '::')}"

    def startTest(self, test):
        super().startTest(test)
        self._outcome = None
        started(self.case_of(test))

    def stopTest(self, test):
        super().stopTest(test)
        ended(self.case_of(test), *(self._outcome or ("passed",)))

    def _note(self, test, outcome, why):
        if isinstance(test, unittest.TestCase):
            if self._outcome is None or outcome == "failed" != self._outcome[0]:
                self._outcome = outcome, why
        else:
            ended(self.case_of(test), outcome, why)

    def addError(self, test, err):
        self._note(test, "failed", why_of(err[1]))

    def addFailure(self, test, err):
        self._note(test, "failed", why_of(err[1]))

    def addSkip(self, test, reason):
        self._note(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        self._note(test, "xfailed", "")

    def addUnexpectedSuccess(self, test):
        self._note(test, "failed", "unexpected success")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(test, "failed", why_of(err[1]))


def without(suite, skipped):
    """The tests, one after the other, but for these."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            remaining = list(without(test, skipped))
            if remaining:
                yield type(test)(remaining)
        elif Result.case_of(test) not in skipped:
            yield test


def run(unit: str, skipped: set[str]) -> None:
    """Runs the module `test.UNIT`."""
    from test import support

    # What takes very long, much memory, or the network, is not asked for.
    support.use_resources = {}
    name = "test." + unit
    try:
        module = importlib.import_module(name)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    except unittest.SkipTest as error:
        ended(unit, "skipped", str(error))
        return
    except BaseException as error:
        ended(unit, "failed", why_of(error))
        return
    # The tests of a class and of a module share what was set up for them: skipping keeps the order.
    tests = unittest.TestSuite(without(suite, skipped)) if skipped else suite
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    tests.run(Result(skipped))
