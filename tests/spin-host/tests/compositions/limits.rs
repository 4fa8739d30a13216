//! Limits that are enforced inside of the component.

use crate::host::Host;
use belljar_tests::endless::{self, FUEL};
use serde_json::json;
use std::time::{Duration, Instant};

pub(crate) const ENDLESS: &[&str] = &[
    "def main():\n    while True: pass",
    "def main():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    "def main(): sum(iter(int, 1))",
    "import itertools\ndef main(): max(itertools.repeat(1))",
    "def main(): 10**10**8",
    "import re\ndef main(): re.match(r'(a+)+$', 'a' * 40 + 'b')",
    "def main(): 'x' * 10 in ('y' * 10**8) * 1000 if False else [x for x in range(10**12) if x < 0]",
    "import numpy as np\ndef main():\n    a = np.ones((1000, 1000))\n    while True: a @ a",
];

#[test]
fn what_never_ends_is_stopped_at_its_deadline() {
    stops_endless(&Host::full(), ENDLESS);
}

/// Each script ends soon after its deadline, and the host goes on.
pub(crate) fn stops_endless(host: &Host, scripts: &[&str]) {
    for script in scripts {
        let start = Instant::now();
        let answer = host.execute(script, json!({"limits": {"timeout_ms": 400}}));
        let elapsed = start.elapsed();
        let kind = answer.error_type();
        assert!(
            ["timeout", "memory_exceeded"].contains(&kind.as_str()),
            "{script}: {}",
            answer.text
        );
        assert!(elapsed < Duration::from_secs(3), "{script}: {elapsed:?}");
    }
    assert_eq!(
        host.execute("def main(): return 1", json!({})).result(),
        json!(1)
    );
}

#[test]
fn fuel_ends_whatever_never_ends() {
    let host = Host::full();
    for (name, script) in endless::scripts() {
        let answer = host.execute(&script, json!({"limits": {"fuel": FUEL}}));
        assert_eq!(
            answer.error_type(),
            "fuel_exhausted",
            "{name}: {}",
            answer.text
        );
        let spent = answer.json()["usage"]["fuel"].as_u64().expect("fuel");
        assert!((FUEL..FUEL + FUEL / 50).contains(&spent), "{name}: {spent}");
    }
}

#[test]
fn sleeping_takes_its_time_and_ends_at_the_deadline() {
    let host = Host::full();
    let sleeps = "import time\ndef main(s):\n    time.sleep(s)\n    return s";
    let start = Instant::now();
    assert_eq!(
        host.execute(sleeps, json!({"input": 0.3})).result(),
        json!(0.3)
    );
    assert!(start.elapsed() >= Duration::from_millis(300));
    let start = Instant::now();
    let answer = host.execute(sleeps, json!({"input": 60, "limits": {"timeout_ms": 300}}));
    assert_eq!(answer.error_type(), "timeout");
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[test]
fn fuel_is_exact_and_the_same_on_every_run() {
    let host = Host::full();
    let script = "def main(n): return sum(i * i for i in range(n))";
    let ask = |limit: u64| {
        let rest = json!({"input": 20_000, "seed": 1, "limits": {"fuel": limit}});
        host.execute(script, rest)
    };
    let used = ask(1_000_000_000).json()["usage"]["fuel"]
        .as_u64()
        .expect("fuel");
    assert_eq!(ask(used).json()["usage"]["fuel"], json!(used));
    assert_eq!(ask(used).status, 200);
    let short = ask(used - 1);
    assert_eq!(short.error_type(), "fuel_exhausted");
    // The stretch of code that there was no fuel for is in the sum.
    assert!(short.json()["usage"]["fuel"].as_u64() >= Some(used - 1));
}

#[test]
fn more_fuel_than_a_slice_is_counted_as_exactly() {
    let host = Host::full();
    let script = "def main(n):\n    for _ in range(n): pass\n    return n";
    let ask = |limit: u64| {
        let rest = json!({"input": 1_000_000, "seed": 1, "limits": {"fuel": limit}});
        host.execute(script, rest)
    };
    let used = ask(10_000_000_000).json()["usage"]["fuel"]
        .as_u64()
        .expect("fuel");
    assert!(used > 40_000_000, "{used}: take a longer script");
    assert_eq!(ask(used).status, 200);
    assert_eq!(ask(used - 1).error_type(), "fuel_exhausted");
}

#[test]
fn memory_bombs_end_in_an_answer() {
    let host = Host::full();
    for script in [
        "def main(): return len(bytearray(900_000_000))",
        "def main():\n    x = []\n    while True: x.append(bytearray(10_000_000))",
        "import numpy as np\ndef main():\n    return [np.ones(10**7) for _ in range(100)]",
    ] {
        let answer = host.execute(script, json!({}));
        assert_eq!(answer.error_type(), "memory_exceeded", "{}", answer.text);
    }
    let caught =
        "def main():\n    try: bytearray(900_000_000)\n    except MemoryError: return 'caught'";
    assert_eq!(host.execute(caught, json!({})).result(), json!("caught"));
    let little = json!({"limits": {"memory_bytes": 1 << 20}});
    let answer = host.execute("def main(): return 1", little);
    assert_eq!(answer.error_type(), "memory_exceeded", "{}", answer.text);
}

/// Every way to recurse deeply that we know, in Python and in C.
const DEEP: &[&str] = &[
    "import json\ndef main(): return json.loads('[' * 200_000)",
    "def main(): return eval('(' * 100_000 + ')' * 100_000)",
    "def main():\n    x = []\n    for _ in range(1_000_000): x = [x]\n    del x\n    return 1",
    "def main():\n    x = ()\n    for _ in range(100_000): x = (x,)\n    return repr(x)",
    "def main():\n    x = []\n    for _ in range(100_000): x = [x]\n    return x",
    "def main():\n    x = []; y = []\n    for _ in range(100_000): x = [x]; y = [y]\n    return x == y",
    "import re\ndef main(): return re.compile('(' * 5_000 + ')' * 5_000)",
    "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\ndef main(): f()",
    "import sys\nsys.setrecursionlimit(10**9)\nclass A:\n    def __getattr__(self, name): return getattr(self, name)\ndef main(): return A().x",
    "import pickle\ndef main():\n    x = []\n    for _ in range(100_000): x = [x]\n    return len(pickle.dumps(x))",
    "import copy\ndef main():\n    x = []\n    for _ in range(100_000): x = [x]\n    return copy.deepcopy(x) is x",
    "def main():\n    it = iter([1])\n    for _ in range(100_000): it = map(int, it)\n    return next(it)",
    "import functools\ndef main():\n    f = int\n    for _ in range(100_000): f = functools.partial(f)\n    return f()",
    "def main():\n    e = 'x' + '.x' * 50_000\n    return compile(e, 'e', 'eval') is None",
    "import ast\ndef main(): return ast.literal_eval('-' * 50_000 + '1')",
];

#[test]
fn deep_recursion_ends_in_an_answer_and_harms_nobody_else() {
    answers_deep(&Host::full());
}

/// Each kind of recursion has an answer, and the host goes on.
pub(crate) fn answers_deep(host: &Host) {
    for script in DEEP {
        let answer = host.execute(script, json!({"limits": {"timeout_ms": 10_000}}));
        if answer.status != 200 {
            assert_eq!(answer.status, 400, "{script}: {}", answer.text);
            let kind = answer.error_type();
            assert!(!kind.is_empty(), "{script}: {}", answer.text);
            println!("{kind}: {script:?}");
        }
        let next = host.execute("def main(): return [1, 'two']", json!({}));
        assert_eq!(next.result(), json!([1, "two"]), "after {script}");
    }
}
