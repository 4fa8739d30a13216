def main():
    print('not called')
