def main():
    print('kept')
    while True:
        pass
