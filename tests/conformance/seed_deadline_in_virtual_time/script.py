import time

def main():
    print('kept')
    time.sleep(60)
