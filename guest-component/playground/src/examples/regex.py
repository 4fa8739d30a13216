"""What a log says, counted."""

import re
from collections import Counter

LOG = """\
10:01:07 INFO  started in 12 ms
10:01:09 WARN  disk 91 % full
10:02:31 ERROR timeout after 5000 ms
10:02:32 INFO  retried in 40 ms
10:03:00 ERROR timeout after 5000 ms
"""

LINE = re.compile(r"(?P<time>[\d:]+)\s+(?P<level>[A-Z]+)\s+(?P<text>.*)")


def main():
    entries = [match.groupdict() for match in LINE.finditer(LOG)]
    return {
        "levels": Counter(entry["level"] for entry in entries),
        "milliseconds": [int(number) for number in re.findall(r"(\d+) ms", LOG)],
        "errors": [entry for entry in entries if entry["level"] == "ERROR"],
    }
