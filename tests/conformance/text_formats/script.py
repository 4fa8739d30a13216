import textwrap


def main():
    return [f"{1234567.891:,.2f}", f"{0.1 + 0.2!r}", f"{255:#x} {255:08b} {-3:+d}", f"{'mid':*^9}", "%-5s|%05.1f" % ("ab", 3.14159),
            "{:e}".format(12345.678), f"{10**20:_}", f"{True:d}", textwrap.shorten("one two three four", 12), round(2.675, 2), round(0.5), 7 // -2, -7 % 3,
            str(1e16), repr(1e-7), float("1e400") > 1, "ß".upper(), "İ".lower(), "ﬁ".casefold(), "١٢".isdigit(), int("١٢")]
