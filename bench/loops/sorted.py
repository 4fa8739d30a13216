def main():
    some = [n * 7919 % 10_007 for n in range(10_000)]
    while True:
        sorted(some)
