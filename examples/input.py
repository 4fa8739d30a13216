"""A parameter of `main` gets the request's input.

    belljar run examples/input.py --input '{"numbers": [3, 1, 2]}'
"""


def main(data):
    numbers = data["numbers"]
    return {"sorted": sorted(numbers), "sum": sum(numbers)}
