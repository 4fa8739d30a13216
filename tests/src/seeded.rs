//! Scripts whose answer and fuel follow from their seed: the same wherever they run, to the unit.

/// The seed that they are given.
pub const SEED: u64 = 2026;

/// The scripts.
pub fn scripts() -> impl Iterator<Item = String> {
    BODIES.iter().map(|body| format!("def main():\n    {body}"))
}

/// The bodies of `main`, from every part of Python that could depend on where it runs.
const BODIES: &[&str] = &[
    "return 1",
    "import json; return json.dumps([{'n': n, 's': str(n)} for n in range(300)])[-20:]",
    "import json; return json.loads('[' + ','.join(map(str, range(2000))) + ']')[-1]",
    "import re; return len(re.findall(r'\\b\\w+ing\\b', 'sing a ring thing being ' * 200))",
    "import re; return re.sub(r'(a|b)+c', 'x', 'ababc' * 300)[:9]",
    "import pandas as pd; return pd.DataFrame({'a': [1, 2, 3]}).a.sum()",
    "import pandas as pd; df = pd.DataFrame({'k': list('abab'), 'v': range(4)}); return df.groupby('k').v.mean()",
    "import pandas as pd; df = pd.DataFrame({'k': range(50), 'v': range(50)}); return len(df.merge(df, on='k'))",
    "import io, pandas as pd; return pd.read_csv(io.StringIO('a,b\\n1,2\\n3,4\\n')).b.sum()",
    "import pandas as pd; return str(pd.date_range('2024-01-01', periods=3)[2])",
    "import numpy as np; a = np.arange(1000.0).reshape(20, 50); return float((a @ a.T).sum())",
    "import numpy as np; return float(np.sort(np.random.rand(5000))[0])",
    "import numpy as np; return np.linalg.solve(np.eye(5) * 2, np.ones(5))",
    "import numpy as np; return float(np.fft.rfft(np.sin(np.arange(512.0))).real.max())",
    "import random; random.seed; return [random.random(), random.choice('abc'), random.gauss(0, 1)]",
    "import uuid, os; return [uuid.uuid4(), os.urandom(4).hex()]",
    "import time, datetime; return [time.time(), datetime.datetime.now()]",
    "import time; time.sleep(1); return time.monotonic() > 0",
    "return [str(e) for e in map(lambda n: ValueError(n), range(50))]",
    "
    caught = 0
    for n in range(300):
        try:
            {}[n] if n % 2 else 1 / 0
        except (KeyError, ZeroDivisionError): caught += 1
    return caught",
    "
    def deeper(n):
        try: return deeper(n + 1)
        except RecursionError: return 0
    return deeper(0)",
    "
    def pairs(n):
        for a in range(n):
            yield from ((a, b) for b in range(a))
    return sum(a * b for a, b in pairs(60))",
    "
    import asyncio
    async def one(n):
        await asyncio.sleep(n / 100)
        return n
    async def all():
        return await asyncio.gather(*(one(n) for n in range(9)))
    return asyncio.run(all())",
    "return sorted((n * 7919 % 1009 for n in range(3000)), key=lambda n: (n % 10, -n))[:3]",
    "return list({str(n) for n in range(500)})[:3]",
    "return len({(n, str(n)): n for n in range(2000)})",
    "import collections; return collections.Counter('the quick brown fox' * 50).most_common(2)",
    "import decimal; return decimal.Decimal(2).sqrt() ** 20",
    "import hashlib, zlib; return [hashlib.sha256(b'x' * 9999).hexdigest()[:8], len(zlib.compress(b'xy' * 9999))]",
    "import dataclasses, statistics; P = dataclasses.make_dataclass('P', ['x']); return statistics.stdev(P(n).x for n in range(99))",
    "import sqlite3; return sqlite3.connect(':memory:').execute('with recursive n(i) as (select 1 union all select i + 1 from n limit 500) select sum(i * i) from n').fetchone()",
    "return 3 ** 2000 % 1_000_007 + int('9' * 2000) % 97",
];
