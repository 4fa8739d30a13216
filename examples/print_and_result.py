"""What a script prints comes back beside its result."""


def main():
    print("calculating ...")
    return {"answer": 2 + 2}
