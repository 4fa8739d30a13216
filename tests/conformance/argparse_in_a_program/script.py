import argparse

parser = argparse.ArgumentParser(prog="tool")
parser.add_argument("names", nargs="+")
parser.add_argument("-n", "--number", type=int, default=1)
args = parser.parse_args()
print(args.names * args.number)
