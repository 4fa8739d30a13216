def main():
    display('seen')
    return 1 / 0
