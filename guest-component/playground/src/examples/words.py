"""A whole program: standard input, arguments, environment, exit status."""

import os
import sys
from collections import Counter

words = Counter(sys.stdin.read().lower().split())
most = int(sys.argv[1]) if len(sys.argv) > 1 else 3

print(os.environ.get("GREETING", "Words:"))
for word, count in words.most_common(most):
    print(f"{count:4} {word}")

sys.exit(0 if words else 1)
