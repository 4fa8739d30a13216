def inner(values):
    return values["missing"]


def main():
    print("before")
    return inner({})
