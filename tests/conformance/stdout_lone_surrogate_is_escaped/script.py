def main():
    print('\ud800x')
    return 1
