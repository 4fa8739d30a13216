def main():
    while True:
        some = []
        for i in range(1000):
            some.append(i)
