class Thing:
    pass


def main():
    Thing.x = 1
    thing = Thing()
    while True:
        thing.x
