//! Every request has a sandbox of its own.

use crate::host::Host;
use belljar_tests::{script, seeded};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Leaves traces everywhere it can, and says which it has found.
const TRACES: &str = "
import builtins, json, os, sys
def main(number):
    found = [name for name, there in {
        'builtins': hasattr(builtins, 'trace'),
        'sys': hasattr(sys, 'trace'),
        'json': hasattr(json, 'trace'),
        'environ': 'TRACE' in os.environ,
        'modules': 'trace_of_another' in sys.modules,
    }.items() if there]
    builtins.trace = sys.trace = json.trace = number
    os.environ['TRACE'] = str(number)
    sys.modules['trace_of_another'] = sys
    return [number, found]
";

#[test]
fn nothing_leaks_from_one_request_to_another() {
    leaks_nothing(&Host::full());
}

/// Runs many scripts, eight at a time, that look for what the others left.
pub(crate) fn leaks_nothing(host: &Host) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= 500 {
                        break;
                    }
                    let answer = host.execute(TRACES, json!({"input": number}));
                    if answer.json()["result"] != json!([number, []]) {
                        wrong.lock().expect("a lock").push(answer.text);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("a lock");
    assert!(wrong.is_empty(), "{wrong:?}");
}

const DRAWS: &str = "
import os, random, secrets, uuid
import numpy as np
def main():
    return [random.random(), np.random.rand(), np.random.default_rng().random(),
            str(uuid.uuid4()), os.urandom(8).hex(), secrets.token_hex(8)]
";

#[test]
fn random_numbers_differ_between_requests_and_follow_from_a_seed() {
    let host = Host::full();
    let draw = |rest: Value| {
        let result = host.execute(DRAWS, rest).result();
        result.as_array().expect("draws").clone()
    };
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        for value in draw(json!({})) {
            assert!(seen.insert(value.to_string()), "{value} was drawn twice");
        }
    }
    assert_eq!(draw(json!({"seed": 7})), draw(json!({"seed": 7})));
    assert_ne!(draw(json!({"seed": 7})), draw(json!({"seed": 8})));
}

#[test]
fn a_seed_makes_the_whole_answer_the_same_but_for_its_duration() {
    let host = Host::full();
    let script = "import time, random\ndef main():\n    time.sleep(5)\n    return [time.time(), time.monotonic(), random.random()]";
    let run = || {
        let mut answer = host.execute(script, json!({"seed": 3})).json();
        answer["usage"]["duration_ms"] = json!(0);
        answer
    };
    assert_eq!(run(), run());
}

/// The interpreter in the component is metered as the native one is, before it is compiled.
#[test]
fn result_and_fuel_are_those_of_the_native_host() {
    let host = Host::full();
    let belljar = belljar_tests::sandboxes(1);
    for source in seeded::scripts() {
        let native = script(&source).seed(seeded::SEED).run_in(&belljar);
        let answer = host.execute(&source, json!({"seed": seeded::SEED}));
        assert_eq!(answer.result(), native.value(), "{source}");
        let fuel = answer.json()["usage"]["fuel"].as_u64();
        assert_eq!(fuel, Some(native.outcome().usage.fuel), "{source}");
    }
}
