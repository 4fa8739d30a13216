def main():
    i = 0
    while True:
        i = (i * 3 + 7) % 1_000_003
