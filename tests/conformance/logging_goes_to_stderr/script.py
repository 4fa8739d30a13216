import logging

def main():
    logging.warning('hot')
    return 1
