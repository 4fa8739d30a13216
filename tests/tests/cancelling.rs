//! Thousands of cancellations at random moments, beside scripts that must not notice. A process of
//! its own, because it looks at the clock: other tests would compete for the cores.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_tests::{sandboxes, script};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const CANCELLATIONS: u64 = 10_000;

/// A run is over this soon after it was cancelled.
const SOON: Duration = Duration::from_millis(20);

/// The run, its neighbour and whoever cancels share the cores with whatever else the machine does:
/// so many may be kept waiting by others.
const UNLUCKY: usize = CANCELLATIONS as usize / 100;

/// What is cancelled: each kind of thing that a run may be doing.
const BUSY: [&str; 5] = [
    "def main():\n    while True: pass",
    "import time\ndef main():\n    while True: time.sleep(100)",
    "import numpy as np\ndef main():\n    a = np.ones((300, 300))\n    while True: a @ a",
    "def main():\n    while True: bytearray(20_000_000)",
    "def main():\n    while True:\n        try: raise ValueError\n        except ValueError: print('x')",
];

#[test]
fn no_run_outlives_its_cancellation_and_no_place_is_lost() {
    let belljar = sandboxes(4);
    let mut late = Vec::new();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let neighbour = scope.spawn(|| {
            let mut answers = 0_u64;
            while !done.load(Ordering::Relaxed) {
                let run = script("def main(n): return sum(range(n))").input(&json!(answers));
                let expected = answers * answers.saturating_sub(1) / 2;
                run.run_in(&belljar).gives(&json!(expected));
                answers += 1;
                thread::sleep(Duration::from_millis(1));
            }
            answers
        });
        for number in 0..CANCELLATIONS {
            // From before it starts to far into its work.
            let moment = Duration::from_micros(number * 7919 % 4001);
            let after = cancelled_after(&belljar, number, moment);
            if after > SOON {
                late.push(after);
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(neighbour.join().unwrap() > 0);
    });
    eprintln!("{} of {CANCELLATIONS} were late: {late:?}", late.len());
    assert!(late.len() <= UNLUCKY, "late: {late:?}");
    // All four places are free: four runs that wait for each other's start can all be there.
    thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| script("import time\ndef main(): time.sleep(0.3)").run_in(&belljar))
            })
            .collect();
        let start = Instant::now();
        for run in runs {
            run.join().unwrap().gives(&json!(null));
        }
        assert!(
            start.elapsed() < Duration::from_millis(1200),
            "one after the other"
        );
    });
}

/// How long a run goes on after it was cancelled at a moment.
fn cancelled_after(belljar: &belljar::Belljar, number: u64, moment: Duration) -> Duration {
    let canceller = belljar.canceller();
    let source = BUSY[number as usize % BUSY.len()];
    thread::scope(|scope| {
        let run = scope.spawn(|| {
            let run = script(source).generously().run_with(belljar, &canceller);
            let ended = Instant::now();
            run.fails_with("cancelled");
            ended
        });
        thread::sleep(moment);
        let cancelled = Instant::now();
        canceller.cancel();
        run.join().unwrap().saturating_duration_since(cancelled)
    })
}
