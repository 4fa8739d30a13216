def main():
    print('kept')
    return 'x' * 5_000_000
