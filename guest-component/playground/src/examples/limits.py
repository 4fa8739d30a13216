"""A script that never ends is stopped. The limit it reaches is set below to half a second."""


def main():
    print("counting for ever")
    number = 0
    while True:
        number += 1
