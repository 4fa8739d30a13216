def main():
    number = 1
    return numbr
