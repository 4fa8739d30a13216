//! The same fuel for the same script and seed: in every worker, whatever ran there before.

use crate::{is_remote, lacks_what_it_imports, server};
use belljar_tests::seeded;
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;

const ROUNDS: usize = 20;
const CLIENTS: usize = 4;

/// The scripts that run in the same sandboxes in between.
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
    let scripts: Vec<String> = seeded::scripts()
        .filter(|script| !lacks_what_it_imports(script))
        .collect();
    // Somebody else's workers are not to be seen.
    let workers = match is_remote() {
        true => Vec::new(),
        false => server.workers(),
    };
    let before: Vec<u64> = workers.iter().map(|worker| ticks(*worker)).collect();
    let found: Mutex<HashMap<usize, (u64, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (found, scripts) = (&found, &scripts);
            scope.spawn(move || {
                for round in (client..ROUNDS).step_by(CLIENTS) {
                    for (number, script) in scripts.iter().enumerate() {
                        if (number + round) % 5 == 0 {
                            let neighbour = NEIGHBOURS[(number + client) % NEIGHBOURS.len()];
                            let limits = json!({"timeout_ms": 300});
                            let body = json!({"script": neighbour, "limits": limits});
                            server.json("/execute", &body.to_string());
                        }
                        let body = json!({"script": script, "seed": seeded::SEED}).to_string();
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
    assert!(scripts.len() >= if is_remote() { 20 } else { 30 });
    assert_eq!(found.into_inner().unwrap().len(), scripts.len());
    // Each has done its share.
    for (worker, before) in workers.iter().zip(before) {
        assert!(ticks(*worker) > before, "worker {worker} had nothing to do");
    }
}

/// The processor time of a process so far, in clock ticks of 10 ms.
fn ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the worker lives");
    // The name, in brackets, may hold anything; utime and stime are the 12th and 13th after it.
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    let fields = fields.split_whitespace().skip(11).take(2);
    fields
        .map(|ticks| ticks.parse::<u64>().expect("a number"))
        .sum()
}
