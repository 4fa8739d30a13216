import json

DATA = {"users": [{"id": i, "name": f"user {i}", "scores": [i * 0.5, i * 1.5], "ok": i % 2 == 0}
                  for i in range(2000)]}


def kernel(rounds=12):
    for _ in range(rounds):
        text = json.dumps(DATA)
        json.loads(text)
    return len(text)
