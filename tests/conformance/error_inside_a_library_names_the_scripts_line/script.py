import json

def main():
    value = 1
    return json.loads("{")
