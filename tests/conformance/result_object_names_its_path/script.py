class Foo:
    pass

def main():
    return {'a': [1, 2, 3, Foo()]}
