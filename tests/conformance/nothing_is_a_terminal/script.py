import os, sys

print(sys.stdin.isatty(), os.isatty(0), sys.stdout.isatty())
print(sys.stdin.read())
