"""More memory than the limit."""


def main():
    return len(bytearray(10**9))
