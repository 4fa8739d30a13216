"""There is nothing to reach: no files of the host, no network, no processes."""

import os
import socket
import subprocess

ATTEMPTS = {
    "read a file": lambda: open("/etc/passwd").read(),
    "list a folder": lambda: os.listdir("/home"),
    "open a connection": lambda: socket.create_connection(("example.com", 80)),
    "start a process": lambda: subprocess.run(["id"]),
}


def main():
    found = []
    for what, attempt in ATTEMPTS.items():
        try:
            attempt()
            found.append({"attempt": what, "outcome": "it worked!"})
        except Exception as error:
            found.append({"attempt": what, "outcome": f"{type(error).__name__}: {error}"})
    return found
