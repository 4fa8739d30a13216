import sys

def main():
    sys.stdout.buffer.write(b'a\xff\xfeb\xe2\x82')
    sys.stdout.flush()
    return 1
