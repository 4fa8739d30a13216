import sys

def main():
    return len(sys.stdin.buffer.read())
