def main():
    größe = 3
    π = 4
    return größe * π
