import sys

def main():
    return sys.stdin.read()
