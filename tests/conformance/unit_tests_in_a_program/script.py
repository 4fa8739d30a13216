import unittest


class Adding(unittest.TestCase):
    def test_good(self):
        self.assertEqual(1 + 1, 2)

    def test_bad(self):
        with self.assertRaises(ZeroDivisionError):
            1 / 0

    @unittest.skip("not today")
    def test_skipped(self):
        self.fail()


unittest.main(exit=False, verbosity=0, argv=["prog"])
print("after")
