//! Scripts that have the host work for them, again and again, without an end.

/// Calls without an end: what is made ready, and what is then done for ever.
const CALLS: &[(&str, &str, &str)] = &[
    (
        "fd_pread of much",
        "f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)",
        "os.pread(f, 1 << 26, 0)",
    ),
    (
        "fd_read of much",
        "f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)",
        "os.lseek(f, 0, 0); os.read(f, 1 << 26)",
    ),
    (
        "fd_read of random bytes",
        "f = os.open('/dev/urandom', os.O_RDONLY)",
        "os.read(f, 1 << 26)",
    ),
    ("fd_read of an empty stdin", "", "os.read(0, 1 << 20)"),
    ("fd_write of nothing", "", "os.write(1, b'')"),
    (
        "fd_seek",
        "f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)",
        "os.lseek(f, 0, 2)",
    ),
    ("fd_filestat_get", "", "os.fstat(1)"),
    ("fd_fdstat_get", "", "os.isatty(1)"),
    ("random_get", "", "os.urandom(1 << 20)"),
    (
        "clock_time_get",
        "import time",
        "time.monotonic(); time.time()",
    ),
    (
        "clock_res_get",
        "import time",
        "time.clock_getres(time.CLOCK_MONOTONIC)",
    ),
    ("poll_oneoff of no time", "import time", "time.sleep(0)"),
    (
        "poll_oneoff of little time",
        "import time",
        "time.sleep(1e-9)",
    ),
    (
        "path_open of what is there",
        "",
        "os.close(os.open('/usr/local/lib/python315.zip', os.O_RDONLY))",
    ),
    (
        "path_open of what is not",
        "path = '/' + 'a/' * 2040",
        "
    try: os.open(path, os.O_RDONLY)
    except OSError: pass",
    ),
    (
        "path_open without closing",
        "",
        "
    try: os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
    except OSError: pass",
    ),
    (
        "path_filestat_get",
        "path = '/' + 'usr/../' * 580 + 'usr'",
        "os.stat(path)",
    ),
    (
        "fd_readdir",
        "path = '/usr/local/lib/python315.zip/matplotlib/mpl-data/fonts/ttf'",
        "os.listdir(path)",
    ),
    (
        "what is refused",
        "",
        "
    try: os.mkdir('/x')
    except OSError: pass",
    ),
    (
        "the door, a result",
        "import _host\nf = b'\\x01' + b' ' * (4 << 20)",
        "_host.call(f)",
    ),
    (
        "the door, a fault",
        "import _host\nf = b'\\x02' + b' ' * (1 << 20)",
        "_host.call(f)",
    ),
    (
        "the door, an item in words that are none",
        "import _host
n = (2 << 20) - 20
f = b'\\x04' + bytes([10]) + n.to_bytes(4, 'little') + b'text/plain' + b'\\xff' * n",
        "_host.call(f)",
    ),
    (
        "the door, an item that is left out",
        "import _host
f = b'\\x04' + bytes([10, 0, 0, 0, 0]) + b'text/plain' + b'\\xff' * ((2 << 20) - 20)",
        "_host.call(f)",
    ),
    (
        "the door, what it does not know",
        "import _host\nf = b'\\x09' + bytes(1 << 20)",
        "
    try: _host.call(f)
    except Exception: pass",
    ),
    (
        "memory.grow that is refused",
        "",
        "
    try: bytearray(1 << 30)
    except MemoryError: pass",
    ),
];

/// The scripts, with what they are about. Each says on standard output that it is ready.
pub fn scripts() -> impl Iterator<Item = (&'static str, String)> {
    CALLS.iter().map(|(name, before, call)| {
        let script =
            format!("import os\n{before}\nprint('ready', flush=True)\nwhile True: {call}\n");
        (*name, script)
    })
}
