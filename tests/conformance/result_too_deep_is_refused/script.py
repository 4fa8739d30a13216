def main():
    value = []
    for _ in range(5000):
        value = [value]
    return value
