import queue
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

todo, done = queue.Queue(2), []


def consume():
    while (item := todo.get()) is not None:
        done.append(item * item)


def produce():
    for number in range(5):
        todo.put(number)
    todo.put(None)


threads = [threading.Thread(target=consume), threading.Thread(target=produce)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(done)
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(len, ["a", "bb"])), [f.result() for f in as_completed([pool.submit(pow, 2, 3)])])
