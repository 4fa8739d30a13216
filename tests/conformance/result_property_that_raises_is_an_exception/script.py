import collections.abc

class Broken(collections.abc.Sequence):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        raise RuntimeError("broken item")

def main():
    return [Broken()]
