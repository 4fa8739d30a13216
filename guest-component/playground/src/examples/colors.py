"""A whole program. Its output comes as it is written, colours and all."""

import sys
import time

for number in range(6):
    print(f"\033[3{number + 1}mline {number}\033[0m", flush=True)
    time.sleep(0.2)

print("this is on stderr", file=sys.stderr)
