//! The host's work for a script is bounded, paid for, and ends with the script: however often it is
//! asked for, and whatever for.

use belljar::{Completion, Limits, Program};
use belljar_tests::cpu_clock::CpuClock;
use belljar_tests::{host_calls, program, shared};
use serde_json::json;
use std::time::Duration;

/// The fault that a script ends with, and the processor time that it took until its answer.
fn ends_with(source: &str, limits: Limits) -> (String, Duration) {
    let belljar = shared();
    let program = Program::program(source).limits(limits);
    let clock = CpuClock::of_this_thread();
    let before = clock.now();
    let (outcome, remains) = belljar
        .execute_first(&program, &belljar.canceller())
        .unwrap();
    let took = clock.now() - before;
    drop(remains);
    assert!(outcome.stdout.starts_with(b"ready"), "{outcome:?}");
    match outcome.completion {
        Completion::Fault(fault) => (fault.kind.name().to_owned(), took),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_deadline_ends_every_call() {
    const DEADLINE: Duration = Duration::from_millis(300);
    for (name, source) in host_calls::scripts() {
        let limits = Limits {
            timeout_ms: Some(300),
            fuel: Some(i64::MAX as u64),
            ..Limits::default()
        };
        let (kind, took) = ends_with(&source, limits);
        assert_eq!(kind, "timeout", "{name}");
        // Of a busy machine it gets less, but never more.
        let most = DEADLINE + Duration::from_millis(20);
        assert!(took <= most, "{name}: took {took:?}");
    }
}

/// Half a billion units are some 50 ms of ordinary Python. Of nothing are they twenty times that.
#[test]
fn every_call_is_paid_for() {
    const FUEL: u64 = 500_000_000;
    for (name, source) in host_calls::scripts() {
        let limits = Limits {
            timeout_ms: Some(60_000),
            fuel: Some(FUEL),
            ..Limits::default()
        };
        let (kind, took) = ends_with(&source, limits);
        assert_eq!(kind, "fuel_exhausted", "{name}");
        let most = Duration::from_secs(1);
        assert!(took <= most, "{name}: {took:?} for {FUEL} units");
    }
}

#[test]
fn long_reads_and_writes_are_short_and_lose_nothing() {
    let source = "
import os, zlib
path = '/usr/local/lib/python315.zip'
f = os.open(path, os.O_RDONLY)
print(len(os.read(f, 1 << 26)), len(os.pread(f, 1 << 26, 5)), len(os.pread(f, 10, 1 << 40)))
whole = open(path, 'rb').read()
print(len(whole) == os.stat(path).st_size, zlib.crc32(whole) == zlib.crc32(open(path, 'rb', 0).read()))
text = 'x' * (3 << 20)
print(text)
print(os.write(2, text.encode()))";
    let run = program(source).generously().output_bytes(8 << 20).run();
    let stdout = run.exits_with(0).stdout();
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines[..2], ["1048576 1048576 0", "True True"]);
    assert!(lines[2].len() == 3 << 20 && lines[2].bytes().all(|byte| byte == b'x'));
    assert_eq!(lines[3], "1048576");
}

#[test]
fn what_is_read_with_a_seed_costs_the_same_on_every_run() {
    let source = "
import os, time
def main():
    f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
    for n in range(200): os.pread(f, n * 9999, n)
    time.sleep(1); os.urandom(5000); os.listdir('/usr/local/lib/python315.zip/matplotlib/mpl-data/fonts')
    return os.lseek(f, 0, 2)";
    let [first, second] = [(); 2].map(|()| belljar_tests::script(source).seed(1).run());
    first.value();
    assert_eq!(first.repeatable(), second.repeatable());
}

#[test]
fn files_cannot_be_opened_without_end() {
    let source = "
import os
def main():
    opened = 0
    try:
        while True: os.open('/usr/local/lib/python315.zip', os.O_RDONLY); opened += 1
    except OSError as error:
        return [opened <= 256, error.errno]";
    let run = belljar_tests::script(source).run();
    run.gives(&json!([true, 33]));
}
