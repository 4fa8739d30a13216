import sys

def main():
    print('out')
    print('err', file=sys.stderr)
    sys.stdout.write('no newline')
