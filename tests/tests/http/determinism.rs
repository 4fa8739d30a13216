//! The same fuel for the same script and seed: in every worker, whatever ran there before.

use crate::server;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Mutex;

const ROUNDS: usize = 20;
const CLIENTS: usize = 4;

/// The bodies of `main`, from every part of Python that could depend on where it runs.
const SCRIPTS: &[&str] = &[
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

/// What runs in the same sandboxes in between.
const NEIGHBOURS: &[&str] = &[
    "import os\ndef main(): os.abort()",
    "def main():\n    a = [bytearray(30_000_000) for _ in range(4)]\n    while True: pass",
    "import numpy as np, sys, gc\ndef main():\n    np.random.seed(5)\n    gc.disable()\n    sys.setrecursionlimit(50)\n    return object()",
    "import json, random, builtins\ndef main():\n    json.dumps = random.random = None\n    builtins.len = lambda x: 0\n    return 1",
    "def main():\n    x = []\n    for _ in range(100_000): x = [x]\n    return 1",
];

#[test]
fn fuel_is_the_same_in_every_worker_and_after_every_neighbour() {
    let server = &server();
    let found: Mutex<HashMap<usize, (u64, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let found = &found;
            scope.spawn(move || {
                for round in (client..ROUNDS).step_by(CLIENTS) {
                    for (number, body) in SCRIPTS.iter().enumerate() {
                        if (number + round) % 5 == 0 {
                            let neighbour = NEIGHBOURS[(number + client) % NEIGHBOURS.len()];
                            let limits = json!({"timeout_ms": 300});
                            let body = json!({"script": neighbour, "limits": limits});
                            server.json("/execute", &body.to_string());
                        }
                        let script = format!("def main():\n    {body}");
                        let body = json!({"script": script, "seed": 2026}).to_string();
                        let answer = server.json("/execute", &body);
                        assert_eq!(answer.status, 200, "{script}\n{}", answer.body);
                        let answer = answer.value();
                        let fuel = answer["usage"]["fuel"].as_u64().unwrap();
                        let result = answer["result"].to_string();
                        let mut found = found.lock().unwrap();
                        let first = found.entry(number).or_insert((fuel, result.clone()));
                        assert_eq!(*first, (fuel, result), "{script}");
                    }
                }
            });
        }
    });
    assert!(SCRIPTS.len() >= 30);
    assert_eq!(found.into_inner().unwrap().len(), SCRIPTS.len());
}
