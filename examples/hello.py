"""The smallest script: what `main` returns is the result."""


def main():
    return {"message": "Hello, World!"}
