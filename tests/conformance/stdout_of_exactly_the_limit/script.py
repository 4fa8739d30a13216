def main():
    print('x' * 99)
    return 1
