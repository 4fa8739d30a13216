"""The sandbox looks like a small POSIX machine with one processor and no files."""

import os


def main():
    return {"name": os.name, "cpu_count": os.cpu_count()}
