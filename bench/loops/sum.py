def main():
    while True:
        sum(range(10_000))
