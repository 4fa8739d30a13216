//! Thousands of cancellations at random moments under load, beside scripts that must not notice. A
//! process of its own, because it looks at the clock: other tests would compete for the cores.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_tests::{cpu_clock::CpuClock, sandboxes, script};
use serde_json::json;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const CANCELLATIONS: u64 = 10_000;

/// The number of clients that cancel at the same time: one run for each, more than there are cores.
const CLIENTS: u64 = 3;

/// A run is over this soon after it was cancelled, in time of the processor. How long it waits for
/// a processor is for the kernel to decide, and on a busy machine that is longer.
const SOON: Duration = Duration::from_millis(20);

/// The scripts that are cancelled: each kind of thing that a run may be doing.
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
    let done = AtomicBool::new(false);
    let mut times = thread::scope(|scope| {
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
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let belljar = &belljar;
                let mine = (client..CANCELLATIONS).step_by(CLIENTS as usize);
                // From before it starts to far into its work.
                let moment = |number| Duration::from_micros(number * 7919 % 4001);
                scope.spawn(move || {
                    mine.map(|number| cancelled_after(belljar, number, moment(number)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let clients = clients.into_iter().map(|client| client.join().unwrap());
        let times: Vec<After> = clients.flatten().collect();
        done.store(true, Ordering::Relaxed);
        assert!(neighbour.join().unwrap() > 0);
        times
    });
    times.sort_unstable_by_key(|after| after.wall);
    let late = times.partition_point(|after| after.wall <= SOON);
    eprintln!(
        "{} cancellations: half within {:?}, 99% within {:?}, all but {} within {SOON:?}",
        times.len(),
        times[times.len() / 2].wall,
        times[times.len() / 100 * 99].wall,
        times.len() - late,
    );
    times.sort_unstable_by_key(|after| after.cpu);
    let worst = times.last().unwrap();
    eprintln!(
        "the longest went on for {:?} of the processor's time",
        worst.cpu
    );
    assert_eq!(times.len() as u64, CANCELLATIONS);
    assert!(worst.cpu <= SOON, "{worst:?}");
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

/// The time for which a run goes on after it was cancelled, its sandbox's end included.
#[derive(Debug)]
struct After {
    /// By the clock on the wall.
    wall: Duration,
    /// By the time that its thread had a processor.
    cpu: Duration,
}

fn cancelled_after(belljar: &belljar::Belljar, number: u64, moment: Duration) -> After {
    let canceller = belljar.canceller();
    let source = BUSY[number as usize % BUSY.len()];
    let clock = OnceLock::new();
    thread::scope(|scope| {
        let run = scope.spawn(|| {
            clock.set(CpuClock::of_this_thread()).unwrap();
            let run = script(source).generously().run_with(belljar, &canceller);
            let ended = (Instant::now(), clock.get().unwrap().now());
            run.fails_with("cancelled");
            ended
        });
        thread::sleep(moment);
        // What it needs to start, if it has not, counts as well.
        let used = clock.get().map_or(Duration::ZERO, CpuClock::now);
        let cancelled = Instant::now();
        canceller.cancel();
        let (ended, used_in_all) = run.join().unwrap();
        After {
            wall: ended.saturating_duration_since(cancelled),
            cpu: used_in_all.saturating_sub(used),
        }
    })
}
