import sys

n = int(input())
numbers = [int(x) for x in input().split()]
print(n, sum(numbers), max(numbers), sep=" | ", end="!\n")
for line in sys.stdin:
    print(line.rstrip()[::-1])
print("%.3f" % (sum(numbers) / n), file=sys.stderr)
