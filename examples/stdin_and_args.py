"""A whole program: standard input, arguments, environment, exit code.

    echo "one two three" | belljar run --program examples/stdin_and_args.py --stdin - --arg words
"""

import os
import sys

text = sys.stdin.read()
unit = sys.argv[1] if len(sys.argv) > 1 else "words"
count = len(text.split()) if unit == "words" else len(text)
print(f"{count} {unit}", os.environ.get("SUFFIX", ""))
sys.exit(0 if count else 3)
