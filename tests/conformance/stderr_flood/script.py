import sys

def main():
    print('kept')
    while True:
        sys.stderr.write('x' * 7)
