def main():
    return [0.1, 1e300, -0.0, 5e-324]
