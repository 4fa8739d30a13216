"""An endless loop ends at its limit of fuel or time.

    belljar run examples/errors/endless_loop.py --timeout-ms 200
"""


def main():
    while True:
        pass
