import re


def main():
    words = re.compile(r"(\w+)@(\w+)\.com")
    text = "write to someone@example.com or not " * 5
    while True:
        words.findall(text)
