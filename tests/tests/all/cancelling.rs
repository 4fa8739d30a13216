//! Stopping what nobody waits for any more.

use belljar::Belljar;
use belljar_tests::{Run, Script, sandboxes, script};
use serde_json::json;
use std::thread;
use std::time::Duration;

const SOON: Duration = Duration::from_millis(150);
const LONG_BEFORE_ITS_DEADLINE: Duration = Duration::from_secs(5);

fn endless() -> Script {
    script("def main():\n    print('kept')\n    while True: pass").generously()
}

fn sleeper() -> Script {
    script("import time\ndef main():\n    print('kept')\n    time.sleep(200)").generously()
}

/// Runs it and cancels it from another thread a little later.
fn cancelled(belljar: &Belljar, script: Script) -> Run {
    cancelled_after(belljar, script, SOON)
}

fn cancelled_after(belljar: &Belljar, script: Script, time: Duration) -> Run {
    let canceller = belljar.canceller();
    thread::scope(|scope| {
        let running = scope.spawn(|| script.run_with(belljar, &canceller));
        thread::sleep(time);
        canceller.cancel();
        running.join().unwrap()
    })
}

/// The same for a script that prints first: cancelled when it has. On a busy machine that can be late.
fn cancelled_after_it_printed(belljar: &Belljar, script: impl Fn() -> Script) -> Run {
    let runs = (0..4).map(|attempt| cancelled_after(belljar, script(), SOON * 4_u32.pow(attempt)));
    let mut printed = runs.skip_while(|run| run.outcome().stdout.is_empty());
    printed.next().expect("it prints")
}

#[test]
fn a_running_script_can_be_cancelled() {
    let belljar = sandboxes(1);
    let run = cancelled_after_it_printed(&belljar, endless).fails_with("cancelled");
    run.prints("kept\n").within(LONG_BEFORE_ITS_DEADLINE);
    script("def main(): return 'next'")
        .run_in(&belljar)
        .gives(&json!("next"));
}

#[test]
fn a_sleeping_script_can_be_cancelled() {
    let belljar = sandboxes(1);
    let run = cancelled_after_it_printed(&belljar, sleeper).fails_with("cancelled");
    run.prints("kept\n").within(LONG_BEFORE_ITS_DEADLINE);
    script("def main(): return 'next'")
        .run_in(&belljar)
        .gives(&json!("next"));
}

#[test]
fn a_script_that_sleeps_in_virtual_time_can_be_cancelled() {
    let belljar = sandboxes(1);
    let source = "import time\ndef main():\n    while True: time.sleep(1e-6)";
    let run = cancelled(&belljar, script(source).generously().seed(1));
    run.fails_with("cancelled").within(LONG_BEFORE_ITS_DEADLINE);
}

#[test]
fn a_queued_script_that_was_cancelled_ends_as_soon_as_it_starts() {
    let belljar = sandboxes(1);
    let canceller = belljar.canceller();
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let source = "import time\ndef main():\n    time.sleep(0.6)\n    return 'first'";
            script(source).run_in(&belljar)
        });
        thread::sleep(SOON);
        let queued = scope.spawn(|| endless().run_with(&belljar, &canceller));
        thread::sleep(SOON);
        canceller.cancel();
        first.join().unwrap().gives(&json!("first"));
        let queued = queued.join().unwrap().fails_with("cancelled");
        queued.within(LONG_BEFORE_ITS_DEADLINE);
    });
}

#[test]
fn cancelled_before_it_starts_it_ends_at_once_whatever_else_is_running() {
    let belljar = sandboxes(2);
    thread::scope(|scope| {
        // A neighbour whose deadline is earlier: it must not be what the watchdog waits for.
        let neighbour = scope.spawn(|| {
            let source = "import time\ndef main():\n    time.sleep(12)";
            script(source).timeout_ms(9_000).run_in(&belljar)
        });
        thread::sleep(SOON);
        let canceller = belljar.canceller();
        canceller.cancel();
        thread::sleep(SOON);
        let run = endless().run_with(&belljar, &canceller);
        run.fails_with("cancelled").within(LONG_BEFORE_ITS_DEADLINE);
        neighbour.join().unwrap().fails_with("timeout");
    });
}

#[test]
fn cancelling_what_has_ended_does_nothing() {
    let belljar = sandboxes(1);
    let canceller = belljar.canceller();
    let run = script("def main(): return 1").run_with(&belljar, &canceller);
    canceller.cancel();
    run.gives(&json!(1));
    script("def main(): return 2")
        .run_in(&belljar)
        .gives(&json!(2));
}

#[test]
fn only_the_one_that_was_cancelled_ends() {
    let belljar = sandboxes(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let source =
                "import time\ndef main():\n    time.sleep(0.8)\n    return sum(range(10**5))";
            script(source).run_in(&belljar)
        });
        cancelled(&belljar, endless()).fails_with("cancelled");
        other.join().unwrap().gives(&json!(4_999_950_000_u64));
    });
}
