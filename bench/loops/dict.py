def main():
    some = {}
    while True:
        for i in range(1000):
            some[i] = i
