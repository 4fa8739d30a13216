//! Attempts to reach the host's files, and to misuse the few that there are.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "reading files of the host",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: open('/etc/passwd').read(),
        lambda: open('etc/passwd').read(),
        lambda: open('../../../etc/passwd').read(),
        lambda: open('/proc/self/environ').read(),
        lambda: open('/proc/self/maps').read(),
        lambda: open('/home/user/.ssh/id_rsa').read(),
        lambda: open('/dev/mem').read(),
        lambda: open('/dev/zero').read(),
        lambda: open('/usr/local/lib/../../../etc/hosts').read(),
        lambda: open('//etc/passwd').read(),
        lambda: open('/./etc/./passwd').read(),
        lambda: open('/usr/local/lib/python315.zip/../../../../etc/passwd').read(),
        lambda: open(b'/etc/passwd', 'rb').read(),
        lambda: open('/', 'rb').read(),
        lambda: open('.', 'rb').read(),
        lambda: open('', 'rb').read(),
        lambda: open('x' * 100_000).read(),
        lambda: open('/' * 100_000).read(),
        lambda: open('/a' * 50_000).read(),
        lambda: os.open('/etc/passwd', os.O_RDONLY),
        lambda: os.open('/', os.O_RDONLY | os.O_DIRECTORY) and os.open('etc/passwd', 0, dir_fd=3),
        lambda: os.readlink('/proc/self/exe'),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "listing directories of the host",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: os.listdir('/'),
        lambda: os.listdir('.'),
        lambda: os.listdir('/etc'),
        lambda: os.listdir('..'),
        lambda: list(os.scandir('/')),
        lambda: os.listdir('/usr/local/lib'),
        lambda: [list(os.walk('/', onerror=lambda e: None))[1:][0]] if list(os.walk('/')) [1:] else os.listdir('/'),
        lambda: os.listdir(3),
        lambda: os.listdir('/proc/self/fd'),
        lambda: list(__import__('pathlib').Path('/').iterdir()),
        lambda: os.listdir('/tmp'),
        lambda: os.listdir(os.path.expanduser('~')),
    ]):
        try:
            found = attempt()
            if found: got_through.append([number, str(found)[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "globbing the host",
        script: "
import glob
def main(): return glob.glob('/*') + glob.glob('/etc/*') + glob.glob('**', recursive=True)",
        may: May::Give("[]"),
    },
    Hostile {
        name: "writing files",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: open('/tmp/x', 'w'),
        lambda: open('x', 'w'),
        lambda: open('/usr/local/lib/python315.zip', 'r+b'),
        lambda: open('/usr/local/lib/python315.zip', 'ab'),
        lambda: os.mkdir('/tmp/x'),
        lambda: os.makedirs('a/b/c'),
        lambda: os.remove('/usr/local/lib/python315.zip'),
        lambda: os.rename('/usr', '/usr2'),
        lambda: os.symlink('/etc/passwd', '/x'),
        lambda: os.link('/usr/local/lib/python315.zip', '/x'),
        lambda: os.rmdir('/usr'),
        lambda: os.truncate('/usr/local/lib/python315.zip', 0),
        lambda: os.utime('/usr/local/lib/python315.zip'),
        lambda: os.mkfifo('/x'),
        lambda: __import__('tempfile').mkstemp(),
        lambda: __import__('shutil').rmtree('/usr'),
        lambda: os.ftruncate(3, 0),
        lambda: os.posix_fallocate(3, 0, 10**9),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "writing to descriptors that are not streams",
        script: "
import os
def main():
    got_through = []
    for number, attempt in enumerate([
        lambda: os.write(0, b'x'),
        lambda: os.write(3, b'x'),
        lambda: os.write(4, b'x'),
        lambda: os.write(2**31 - 1, b'x'),
        lambda: os.read(1, 10),
        lambda: os.read(3, 10),
        lambda: os.read(99, 10),
        lambda: os.lseek(1, 0, 0),
        lambda: os.dup(1),
        lambda: os.dup2(1, 0),
        lambda: os.pwrite(1, b'x', 0),
        lambda: os.fsync(1) or 1,
        lambda: os.pipe(),
        lambda: os.sendfile(1, 0, 0, 10),
    ]):
        try:
            got_through.append([number, str(attempt())[:99]])
        except (OSError, AttributeError, NotImplementedError, ValueError, TypeError, RuntimeError, ImportError):
            pass
    return got_through",
        may: May::Give("[]"),
    },
    Hostile {
        name: "reading with enormous vectors",
        script: "
import os
def main():
    fd = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
    return os.readv(fd, [bytearray(10)] * 100_000)",
        may: May::GiveOrFail(&["exception", "memory_exceeded"]),
    },
    Hostile {
        name: "opening files without end",
        script: "
def main():
    held = []
    while True: held.append(open('/usr/local/lib/python315.zip', 'rb'))",
        may: May::GiveOrFail(&["exception"]),
    },
    Hostile {
        name: "closing every descriptor",
        script: "
import os
def main():
    for fd in range(100):
        try: os.close(fd)
        except OSError: pass
    return 'still here'",
        may: May::Give(r#""still here""#),
    },
    Hostile {
        name: "seeking beyond every end",
        script: "
def main():
    f = open('/usr/local/lib/python315.zip', 'rb', buffering=0)
    for to in (2**63 - 1, 2**62, 10**15):
        try:
            f.seek(to)
            f.read(10)
            f.seek(to, 1)
            f.seek(to, 2)
        except (OSError, OverflowError): pass
    return len(f.read(1))",
        may: May::GiveOrFail(&["exception"]),
    },
    Hostile {
        name: "reading with a length of gigabytes",
        script: "
import os
def main():
    fd = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
    return len(os.read(fd, 2**31 - 1))",
        may: May::GiveOrFail(&["exception", "memory_exceeded"]),
    },
];
