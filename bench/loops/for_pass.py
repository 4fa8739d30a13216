def main():
    while True:
        for _ in range(1000):
            pass
