//! A thousand executions leave nothing behind, in a process of their own.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_tests::{sandboxes, script};
use serde_json::json;
use std::fs;
use std::sync::{Mutex, PoisonError};

const MEGABYTE: u64 = 1 << 20;

/// Resident memory of this process that is not shared with files, in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kilobytes = line
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Open descriptors and mappings of this process.
fn handles() -> (usize, usize) {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    let mappings = fs::read_to_string("/proc/self/maps")
        .unwrap()
        .lines()
        .count();
    (descriptors, mappings)
}

#[test]
fn a_thousand_executions_leave_nothing_behind() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let belljar = sandboxes(2);
    let scripts = [
        "def main(): return 1",
        "import numpy as np\ndef main(): return np.arange(1000).sum()",
        "import pandas as pd\ndef main(): return pd.DataFrame({'a': [1, 2]}).a.sum()",
        "def main(): return len(bytearray(b'x' * 50_000_000))",
        "def main(): return [0] * 100_000",
        "def main(): print('x' * 500_000)",
        "def main(): 1/0",
        "import os\ndef main(): os.abort()",
        "def main():\n    while True: pass",
        "import sys\ndef main():\n    sys.setrecursionlimit(10**9)\n    a = []\n    \
         for _ in range(10**5): a = [a]\n    repr(a)",
    ];
    let round = |rounds: usize| {
        for index in 0..rounds * scripts.len() {
            let source = scripts[index % scripts.len()];
            script(source).fuel(60_000_000).run_in(&belljar);
        }
    };
    round(10);
    let (before, handles_before) = (resident(), handles());
    round(100);
    let (after, handles_after) = (resident(), handles());
    println!(
        "{} MB before, {} MB after",
        before / MEGABYTE,
        after / MEGABYTE
    );
    assert!(
        after < before + 8 * MEGABYTE,
        "{} MB of growth in 1000 executions",
        (after - before) / MEGABYTE
    );
    assert_eq!(handles_after.0, handles_before.0, "open files");
    assert!(
        handles_after.1 <= handles_before.1 + 8,
        "{handles_before:?} {handles_after:?}"
    );
    script("def main(): return 'clean'")
        .run_in(&belljar)
        .gives(&json!("clean"));
}

/// The two measure the same process, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn belljars_that_come_and_go_leave_nothing_behind() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let use_one = || {
        let belljar = sandboxes(1);
        script("def main(): return 1")
            .run_in(&belljar)
            .gives(&json!(1));
    };
    (0..3).for_each(|_| use_one());
    let (before, (descriptors, _)) = (resident(), handles());
    (0..5).for_each(|_| use_one());
    let growth = resident().saturating_sub(before);
    assert!(growth < 64 * MEGABYTE, "{} MB of growth", growth / MEGABYTE);
    assert!(handles().0 <= descriptors + 1);
}
