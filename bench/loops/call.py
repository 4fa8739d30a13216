def nothing():
    pass


def main():
    while True:
        nothing()
