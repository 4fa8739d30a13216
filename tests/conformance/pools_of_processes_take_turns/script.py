from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

seen = []


def square(number):
    return number * number


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(4)), pool.starmap(pow, [(2, 3)]))
    with ProcessPoolExecutor() as pool:
        pool.submit(seen.append, 1).result()
    print(seen)
