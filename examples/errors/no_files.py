"""There are no files of the host, no network, and no processes."""


def main():
    try:
        open("/etc/passwd")
    except OSError as error:
        return f"{type(error).__name__}: {error}"
