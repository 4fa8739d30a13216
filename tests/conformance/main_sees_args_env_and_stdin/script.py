import os, sys

def main():
    return [sys.argv, os.environ["COLOUR"], sys.stdin.readline(), input()]
