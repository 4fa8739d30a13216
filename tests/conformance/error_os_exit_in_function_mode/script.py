import os

def main():
    print('x', flush=True)
    os._exit(7)
