def main():
    hoard = []
    try:
        while True:
            hoard.append(bytearray(10_000_000))
    except MemoryError:
        hoard.clear()
        return 'recovered'
