import math

def main():
    return [main]
