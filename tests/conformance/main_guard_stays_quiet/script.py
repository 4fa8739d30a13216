def main():
    return __name__

if __name__ == '__main__':
    print('twice')
    main()
