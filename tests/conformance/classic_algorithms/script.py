import heapq
from bisect import insort
from collections import Counter, OrderedDict, deque


def dijkstra(graph, start):
    best, heap = {}, [(0, start)]
    while heap:
        cost, node = heapq.heappop(heap)
        if node not in best:
            best[node] = cost
            for other, weight in graph[node].items():
                heapq.heappush(heap, (cost + weight, other))
    return best


def primes(n):
    sieve = bytearray([1]) * (n + 1)
    for i in range(2, int(n**0.5) + 1):
        if sieve[i]:
            sieve[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i in range(2, n + 1) if sieve[i]]


def queens(n, row=0, cols=0, left=0, right=0):
    if row == n:
        return 1
    return sum(queens(n, row + 1, cols | 1 << c, (left | 1 << c) << 1, (right | 1 << c) >> 1)
               for c in range(n) if not (cols | left | right) >> c & 1)


def main():
    numbers = []
    for x in [5, 1, 4]:
        insort(numbers, x)
    d = OrderedDict(a=1, b=2)
    d.move_to_end("a")
    return [dijkstra({"a": {"b": 1, "c": 5}, "b": {"c": 1}, "c": {}}, "a"), primes(30), queens(6), numbers,
            Counter("mississippi").most_common(2), list(deque(range(5), maxlen=3)), list(d)]
