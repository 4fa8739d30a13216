class Oops(Exception):
    pass

def main():
    raise Oops('why')
