//! Scripts that never end by themselves, wherever in the interpreter they are.

/// Work without an end: what is made ready, and what is then done for ever.
const ENDLESS: &[(&str, &str, &str)] = &[
    ("while True", "", "pass"),
    ("catastrophic regex", "import re", "re.match(r'(a+)+$', 'a' * 40 + 'b')"),
    ("a huge power", "", "3 ** (10 ** 8)"),
    (
        "sorted",
        "data = [n * 7919 % 1_000_003 for n in range(100_000)]",
        "sorted(data); sorted(data, key=lambda n: -n)",
    ),
    (
        "recursion",
        "def f(): f()",
        "
    try: f()
    except RecursionError: pass",
    ),
    (
        "comparing nested lists",
        "a, b = [], []\nfor _ in range(60): a, b = [a, a], [b, b]",
        "a == b",
    ),
    (
        "raising and catching",
        "",
        "
    try: raise ValueError
    except ValueError: pass",
    ),
    (
        "catching everything",
        "",
        "
    try:
        while True: pass
    except BaseException: pass",
    ),
    ("matmul", "import numpy as np\na = np.ones((500, 500))", "a @ a"),
    ("ufuncs", "import numpy as np\na = np.ones(2_000_000)", "np.sin(a); a + a; np.sort(-a)"),
    ("a large matmul", "import numpy as np\na = np.ones((3000, 3000), 'f4')", "a @ a; a[0] @ a[1]"),
    (
        "a large sort",
        "import numpy as np\na = np.random.default_rng(1).random(4_000_000)",
        "np.sort(a); np.sort(a.view('i4'))",
    ),
    ("pbkdf2", "import hashlib", "hashlib.pbkdf2_hmac('sha512', b'', b'', 2**31 - 1)"),
    ("scrypt", "import hashlib", "hashlib.scrypt(b'', salt=b'', n=2**14, r=8, p=10_000)"),
    ("memset", "", "bytearray(10 ** 8)"),
    ("slices", "b = bytes(5 * 10 ** 7)", "b[1:]"),
    ("str.replace", "s = 'ab' * 10 ** 6", "s.replace('a', 'cde')"),
    ("bytes.translate", "b = bytes(10 ** 7)\ntable = bytes(range(256))", "b.translate(table)"),
    ("zlib", "import zlib\nb = bytes(range(256)) * 40_000", "zlib.compress(b, 9)"),
    ("lzma", "import lzma\nb = bytes(range(256)) * 8_000", "lzma.compress(b)"),
    (
        "json.dumps",
        "import json\ntree = []\nfor _ in range(15): tree = [tree, tree]",
        "json.dumps(tree)",
    ),
    (
        "groupby and merge",
        "import numpy as np, pandas as pd
df = pd.DataFrame({'k': np.arange(1_000_000) % 1000, 'v': np.arange(1_000_000)})
other = pd.DataFrame({'k': np.arange(1000), 'w': np.arange(1000)})",
        "df.groupby('k').v.sum(); df.merge(other, on='k')",
    ),
    (
        "sqlite",
        "import sqlite3
db = sqlite3.connect(':memory:')
db.execute('create table t as with recursive n(i) as (select 1 union all select i + 1 from n limit 9999) select i from n')",
        "db.execute('select count(*) from t a, t b, t c where a.i + b.i > c.i').fetchone()",
    ),
    (
        "lxml",
        "from lxml import etree\ntext = '<a>' + '<b c=\"d\">e</b>' * 100_000 + '</a>'",
        "etree.fromstring(text)",
    ),
    (
        "an import of scipy",
        "import sys",
        "
    import scipy.stats
    for name in [name for name in sys.modules if name.startswith('scipy')]: del sys.modules[name]",
    ),
];

/// The scripts, with what they are about. Each says on standard output that it is ready.
pub fn scripts() -> impl Iterator<Item = (&'static str, String)> {
    ENDLESS.iter().map(|(name, before, work)| {
        let script = format!("{before}\nprint('ready')\nwhile True: {work}\ndef main(): pass\n");
        (*name, script)
    })
}

/// A fifth of a second or so of work.
pub const FUEL: u64 = 1_000_000_000;
