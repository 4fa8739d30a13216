//! The small edition: `spin.small.toml`.

use crate::host::{Host, root};
use crate::isolation::leaks_nothing;
use crate::limits::{ENDLESS, answers_deep, stops_endless};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

const MIB: u64 = 1 << 20;

/// The room that clouds leave to a script, once the rest of an application has what it needs.
const COMPONENT_BYTES: u64 = 27 * MIB;
const MEMORY_BYTES: u64 = 64 * MIB;

const ORDINARY: [(&str, &str); 5] = [
    ("def main(): return 'hello'", "\"hello\""),
    (
        "import json\ndef main(): return json.loads(json.dumps({'a': list(range(20_000))}))['a'][-1]",
        "19999",
    ),
    (
        "import csv, io\ndef main():\n    text = 'a,b\\n' + '1,2\\n' * 20_000\n    return sum(int(row['b']) for row in csv.DictReader(io.StringIO(text)))",
        "40000",
    ),
    (
        "import re\ndef main(): return len(re.findall(r'\\b(\\w+)@(\\w+)\\.com\\b', 'me@example.com ' * 10_000))",
        "10000",
    ),
    (
        "from datetime import date, timedelta\ndef main(): return max(date(2026, 1, 1) + timedelta(n) for n in range(10_000))",
        "\"2053-05-18\"",
    ),
];

#[test]
fn ordinary_scripts_need_little_memory() {
    let host = Host::small();
    for (script, result) in ORDINARY {
        let answer = host.execute(script, json!({}));
        assert_eq!(answer.result().to_string(), result, "{script}");
        let bytes = answer.json()["usage"]["memory_bytes"].as_u64();
        println!("{bytes:?}: {script}");
        assert!(bytes.is_some_and(|bytes| bytes <= MEMORY_BYTES), "{script}");
    }
    let component = root().join("target/spin/belljar-python-small.wasm");
    let bytes = fs::metadata(component).expect("the component").len();
    println!("{bytes}: the component");
    assert!(bytes <= COMPONENT_BYTES, "{bytes}");
}

#[test]
fn it_says_what_it_is_and_what_it_lacks() {
    let host = Host::small();
    let runtime = host.ask("/runtime", None).json();
    assert_eq!(runtime["edition"], "small");
    assert_eq!(runtime["packages"], json!({}));
    assert!(
        runtime["python_version"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.14."))
    );
    let error = |script: &str| {
        let answer = host.execute(script, json!({}));
        assert_eq!(answer.error_type(), "exception", "{}", answer.text);
        answer.json()["error"].as_str().unwrap_or("").to_owned()
    };
    assert_eq!(
        error("def main(): import numpy"),
        "ModuleNotFoundError: No module named 'numpy': Belljar's small edition has the standard \
         library and no other packages"
    );
    assert_eq!(
        error("def main(): import sqlite3"),
        "ModuleNotFoundError: No module named 'sqlite3': Belljar's small edition leaves this one \
         out"
    );
    // Code that asks before it imports goes on without.
    let asks = "import importlib.util\ndef main(): return importlib.util.find_spec('numpy')";
    assert_eq!(host.execute(asks, json!({})).result(), Value::Null);
}

#[test]
fn what_never_ends_is_stopped_at_its_deadline() {
    let scripts: Vec<&str> = ENDLESS
        .iter()
        .copied()
        .filter(|script| !script.contains("numpy"))
        .collect();
    stops_endless(&Host::small(), &scripts);
}

#[test]
fn deep_recursion_ends_in_an_answer() {
    answers_deep(&Host::small());
}

#[test]
fn memory_bombs_end_in_an_answer() {
    let host = Host::small();
    for script in [
        "def main(): return len(bytearray(900_000_000))",
        "def main():\n    x = []\n    while True: x.append(bytearray(10_000_000))",
        "def main():\n    x = []\n    while True: x.append([None] * 100)",
    ] {
        let answer = host.execute(script, json!({}));
        assert_eq!(answer.error_type(), "memory_exceeded", "{}", answer.text);
    }
    let caught =
        "def main():\n    try: bytearray(900_000_000)\n    except MemoryError: return 'caught'";
    assert_eq!(host.execute(caught, json!({})).result(), json!("caught"));
}

#[test]
fn fuel_is_exact_and_follows_from_the_seed() {
    let host = Host::small();
    let ask = |fuel: u64| {
        let rest = json!({"input": 300_000, "seed": 1, "limits": {"fuel": fuel}});
        host.execute(
            "def main(n):\n    for _ in range(n): pass\n    return n",
            rest,
        )
    };
    let used = ask(10_000_000_000).json()["usage"]["fuel"]
        .as_u64()
        .expect("fuel");
    assert_eq!(ask(used).status, 200);
    assert_eq!(ask(used - 1).error_type(), "fuel_exhausted");
}

#[test]
fn nothing_leaks_and_random_numbers_are_fresh() {
    let host = Host::small();
    leaks_nothing(&host);
    let script = "import os, random, secrets, uuid\ndef main():\n    return [random.random(), str(uuid.uuid4()), os.urandom(8).hex(), secrets.token_hex(8)]";
    let draw = |rest: Value| host.execute(script, rest).result();
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        for value in draw(json!({})).as_array().expect("draws") {
            assert!(seen.insert(value.to_string()), "{value} was drawn twice");
        }
    }
    assert_eq!(draw(json!({"seed": 7})), draw(json!({"seed": 7})));
    assert_ne!(draw(json!({"seed": 7})), draw(json!({"seed": 8})));
}
