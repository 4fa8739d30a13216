import sys

print(sys.stdin.read())
print(sys.argv[1:])
