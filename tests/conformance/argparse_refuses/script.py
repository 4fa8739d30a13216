import argparse

parser = argparse.ArgumentParser(prog="tool")
parser.add_argument("--number", type=int)
parser.parse_args()
