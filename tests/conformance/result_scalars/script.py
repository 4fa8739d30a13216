def main():
    return [None, True, False, 0, -1, 1.5, 'text', '']
