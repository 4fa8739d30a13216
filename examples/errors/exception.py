"""An exception: the answer has its message, the script's own traceback and the line."""


def divide(a, b):
    return a / b


def main():
    return divide(1, 0)
