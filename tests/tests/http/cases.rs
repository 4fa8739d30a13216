//! The cases of `tests/conformance`, and hostile scripts among good ones.

use crate::server;
use belljar_tests::conformance::{Answer, Case};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn every_case_holds_over_http() {
    let cases = Case::all();
    let server = server();
    let problems: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let (route, body) = case.request.to_http(&case.script);
            let response = server.json(route, &body);
            case.problems(&Answer {
                status: response.status,
                body: response.body,
            })
        })
        .collect();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Scripts that end in every way there is, each with the fault that it must end in.
const HOSTILE: &[(&str, &[&str])] = &[
    ("def main():\n    while True: pass", &["timeout"]),
    ("import time\ndef main(): time.sleep(60)", &["timeout"]),
    ("import os\ndef main(): os._exit(9)", &["exit"]),
    ("def main(): return 'x' * 5_000_000", &["result_too_large"]),
    (
        "def main():\n    while True: print('x' * 1000)",
        &["output_exceeded"],
    ),
    (
        "def main(): return bytearray(900_000_000)",
        &["memory_exceeded"],
    ),
    (
        "import json\ndef main(): return json.loads('[' * 200_000)",
        &["stack_overflow", "exception"],
    ),
    (
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\ndef main(): f()",
        &["stack_overflow", "exception", "timeout"],
    ),
    ("def main(): open('/etc/passwd')", &["exception"]),
];

#[test]
fn hostile_scripts_do_good_ones_no_harm() {
    let wrong = AtomicU32::new(0);
    let server = &server();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let wrong = &wrong;
            scope.spawn(move || {
                for round in 0..9 {
                    let (script, faults) = HOSTILE[(thread + round) % HOSTILE.len()];
                    let body = json!({"script": script, "limits": {"timeout_ms": 500}});
                    let kind = server.json("/execute", &body.to_string()).value();
                    let kind = kind["error_type"].as_str().unwrap_or("none").to_owned();
                    if !faults.contains(&kind.as_str()) {
                        eprintln!("{script:?} ended in {kind}");
                        wrong.fetch_add(1, Ordering::Relaxed);
                    }
                    let body = json!({"script": "def main(x): return x * 2", "input": round});
                    let good = server.json("/execute", &body.to_string());
                    if good.status != 200 || good.value()["result"] != json!(round * 2) {
                        eprintln!("a good script got {}", good.body);
                        wrong.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(wrong.load(Ordering::Relaxed), 0);
}
