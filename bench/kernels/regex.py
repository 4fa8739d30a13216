import re

TEXT = " ".join(f"user{i}@example{i % 7}.com 2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}" for i in range(3000))


def kernel(rounds=5):
    found = 0
    for _ in range(rounds):
        found += len(re.findall(r"[\w.]+@[\w.]+\.com", TEXT))
        found += len(re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3.\2.\1", TEXT))
        found += len(re.split(r"\s+", TEXT))
    return found
