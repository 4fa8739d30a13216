//! Attempts to reach something outside: network, processes, threads, native code.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "sockets",
        script: "
import socket
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: socket.socket(),
        lambda: socket.create_connection(('127.0.0.1', 80)),
        lambda: socket.socketpair(),
        lambda: socket.create_server(('', 80)),
        lambda: socket.fromfd(3, 2, 1),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "looking up names",
        script: "
import socket
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: socket.gethostbyname('localhost'),
        lambda: socket.getaddrinfo('example.com', 80),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "http requests",
        script: "
import urllib.request
def main(): return urllib.request.urlopen('http://169.254.169.254/latest/meta-data').read()",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "files through urllib",
        script: "
import urllib.request
def main(): return urllib.request.urlopen('file:///etc/passwd').read()",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "subprocesses",
        script: "
import subprocess
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: subprocess.run(['true']),
        lambda: subprocess.Popen('true', shell=True),
        lambda: subprocess.check_output(['ls', '/']),
        lambda: subprocess.getoutput('id'),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "fork and exec",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: os.fork(),
        lambda: os.forkpty(),
        lambda: os.system('id'),
        lambda: os.popen('id').read(),
        lambda: os.execv('/bin/sh', ['sh']),
        lambda: os.posix_spawn('/bin/sh', ['sh'], {}),
        lambda: os.spawnl(0, '/bin/sh', 'sh'),
        lambda: __import__('pty').spawn('/bin/sh'),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "signals",
        script: "
import signal, os
def main():
    signal.signal(signal.SIGTERM, lambda *a: None)
    signal.raise_signal(signal.SIGKILL)",
        may: May::GiveOrFail(&["exception", "crashed", "exit"]),
    },
    Hostile {
        name: "killing the host",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: os.kill(os.getppid(), 9),
        lambda: os.kill(1, 9),
        lambda: os.killpg(0, 9),
        lambda: os.kill(-1, 9),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "aborting",
        script: "
import os
def main(): os.abort()",
        may: May::Fail(&["crashed"]),
    },
    Hostile {
        name: "a signal to itself",
        script: "
import signal
def main(): signal.raise_signal(signal.SIGABRT); raise RuntimeError",
        may: May::Fail(&["crashed", "exception", "exit"]),
    },
    Hostile {
        name: "processes of multiprocessing",
        script: "
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: __import__('multiprocessing').Process(target=print).start(),
        lambda: __import__('os').fork(),
        lambda: __import__('_posixsubprocess').fork_exec(),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "ctypes",
        script: "
def main():
    import ctypes
    return ctypes.string_at(0, 10)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "native modules from files",
        script: "
import importlib.machinery, importlib.util, sys
def main():
    got = []
    for path in ('/usr/lib/libc.so', '/etc/passwd', 'x.so'):
        try:
            loader = importlib.machinery.ExtensionFileLoader('x', path)
            spec = importlib.util.spec_from_file_location('x', path, loader=loader)
            got.append(str(importlib.util.module_from_spec(spec)))
        except (ImportError, OSError, AttributeError): pass
    return got",
        may: May::Give("[]"),
    },
    Hostile {
        name: "mmap",
        script: "
def main():
    import mmap
    return len(mmap.mmap(3, 0))",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "resource limits",
        script: "
def main():
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))",
        may: May::GiveOrFail(&["exception"]),
    },
    Hostile {
        name: "the environment of the host",
        script: "
import os
def main(): return sorted(set(os.environ) & {'PATH', 'USER', 'HOSTNAME', 'CARGO_HOME', 'BELLJAR_CACHE', 'AWS_SECRET_ACCESS_KEY'})",
        may: May::Give("[]"),
    },
    Hostile {
        name: "changing directories",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: os.chdir('/etc') or open('passwd').read(),
        lambda: os.chdir('/root') or os.listdir(),
        lambda: os.chroot('/'),
        lambda: os.fchdir(3),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "a debugger over the network",
        script: "
import sys
def main(): sys.remote_exec(1, '/tmp/x.py')",
        may: May::GiveOrFail(&["exception", "timeout", "fuel_exhausted"]),
    },
    Hostile {
        name: "installing packages",
        script: "
import runpy, sys
def main():
    sys.argv = ['pip', 'install', 'requests']
    runpy.run_module('pip', run_name='__main__')",
        may: May::GiveOrFail(&["exception", "exit"]),
    },
];
