import json


def main():
    text = json.dumps({"b": [1, 2.0, None, True, float("inf")], "a": "é\u2028", 3: {"x": ()}}, sort_keys=False)
    try:
        json.loads('{"a": 1,}')
    except json.JSONDecodeError as error:
        return [text, json.loads(text)["a"], str(error), json.loads("1e3"), json.loads("123456789012345678901234567890"), json.dumps("\ud800")]
