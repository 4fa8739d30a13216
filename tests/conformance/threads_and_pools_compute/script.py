import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def main():
    lock, total = threading.Lock(), [0]

    def add(n):
        with lock:
            total[0] += n
        return n * n

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(add, n) for n in range(10)]
        squares = sorted(f.result() for f in as_completed(futures))
        mapped = list(pool.map(lambda x: x + 1, [1, 2, 3]))
    threads = [threading.Thread(target=add, args=(100,)) for _ in range(3)]
    [t.start() for t in threads], [t.join() for t in threads]
    return [squares, mapped, total[0]]
