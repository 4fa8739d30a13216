import importlib

def attempt(source):
    try:
        exec(source, {})
    except BaseException as error:
        return isinstance(error, (OSError, ImportError))
    return source

def main():
    return [
        attempt("import socket; socket.create_connection(('127.0.0.1', 80), 1)"),
        attempt("import socket; socket.socket()"),
        attempt("import subprocess; subprocess.run(['true'])"),
        attempt("import os; os.fork()"),
        attempt("import os; os.system('true')"),
        attempt("import os; os.execv('/bin/sh', ['sh'])"),
        attempt("import multiprocessing; multiprocessing.Process(target=print).start()"),
        attempt("import ctypes; ctypes.CDLL(None)"),
        attempt("import urllib.request; urllib.request.urlopen('http://example.com')"),
    ]
