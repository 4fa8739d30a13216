import timeit
import unittest


class Case(unittest.TestCase):
    def test_bad(self):
        self.assertEqual(1, 2)


def helper():
    return 1


def main():
    run = unittest.main(argv=["script"], exit=False).result
    return [run.testsRun, run.wasSuccessful(), timeit.timeit("helper()", "from __main__ import helper", number=1) < 60]
