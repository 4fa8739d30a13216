def main(*, input):
    return input * 2
