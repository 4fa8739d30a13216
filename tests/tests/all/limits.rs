//! Every limit, and what is left when it is hit.

use belljar::{ErrorType, Limit, LimitPolicy};
use belljar_tests::cpu_clock::CpuClock;
use belljar_tests::loops::LOOPS;
use belljar_tests::{for_strangers, program, script};
use serde_json::json;
use std::time::{Duration, Instant};

const ENDLESS: &str = "def main():\n    print('kept')\n    while True: pass";
const SLEEPER: &str = "import time\ndef main():\n    print('kept')\n    time.sleep(60)";

#[test]
fn an_endless_loop_is_stopped_when_its_fuel_is_used_up() {
    let run = script(ENDLESS).fuel(50_000_000).run();
    let run = run
        .fails_with("fuel_exhausted")
        .says("50000000")
        .prints("kept\n");
    // What is paid for is paid for before it runs: the stretch that was not run is in the sum.
    let fuel = run.outcome().usage.fuel;
    assert!((50_000_001..51_000_000).contains(&fuel), "{fuel}");
}

#[test]
fn an_endless_loop_is_stopped_at_its_deadline() {
    script(ENDLESS)
        .timeout_ms(200)
        .run()
        .fails_with("timeout")
        .says("200 ms")
        .prints("kept\n")
        .within(Duration::from_secs(2));
}

#[test]
fn a_sleeping_script_is_stopped_at_its_deadline() {
    let sleep = || {
        let run = script(SLEEPER).timeout_ms(200).run();
        let run = run.fails_with("timeout").says("200 ms").prints("kept\n");
        run.within(Duration::from_secs(2)).elapsed()
    };
    // The machine may be busy with other things, but hardly five times in a row.
    let fastest = (0..5).map(|_| sleep()).min().unwrap();
    assert!(fastest >= Duration::from_millis(200), "{fastest:?}");
    assert!(fastest < Duration::from_millis(300), "{fastest:?}");
}

#[test]
fn no_way_of_waiting_outlasts_the_deadline() {
    for waiting in [
        "import time; time.sleep(1e6)",
        "import select; select.select([], [], [], 60)",
        "import select; select.poll().poll(60_000)",
        "import asyncio; asyncio.run(asyncio.sleep(60))",
        "import sched, time; s = sched.scheduler(); s.enter(60, 1, print); s.run()",
        "import time\nwhile True: time.sleep(0)",
        "import time\nwhile True: time.sleep(0.001)",
    ] {
        let run = program(waiting).timeout_ms(150).run();
        run.fails_with("timeout").within(Duration::from_secs(3));
    }
}

#[test]
fn waiting_for_another_thread_ends_at_the_deadline_or_says_why_it_never_can() {
    let mut crashed = Vec::new();
    for waiting in [
        "import threading; threading.Event().wait(60)",
        "import threading; threading.Event().wait(0.01); import time; time.sleep(60)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=60)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "import threading; c = threading.Condition(); c.acquire(); c.wait(60)",
        "import threading; threading.Semaphore(0).acquire(timeout=60)",
        "import queue; queue.Queue().get(timeout=60)",
        "import queue; queue.Queue().get()",
    ] {
        let run = program(waiting).timeout_ms(150).run();
        let fault = run.fault_if_any().map(|fault| fault.kind.name());
        // None is an uncaught exception, which a program reports by itself.
        if !matches!(fault, Some("timeout") | None) {
            crashed.push(format!("{fault:?}: {waiting}"));
        }
    }
    assert!(crashed.is_empty(), "\n{}\n", crashed.join("\n"));
}

#[test]
fn work_in_c_is_stopped_at_its_deadline_too() {
    for work in [
        "sum(range(10**15))",
        "10 ** 10 ** 9",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        "import itertools; any(itertools.repeat(0))",
        "sorted(range(10**7), key=lambda n: -n)",
        "import numpy as np; a = np.ones((3000, 3000)); a @ a",
        "import zlib; z = zlib.compress(bytes(10**8), 9); zlib.decompress(z)",
        "b = bytes(10**8)\nwhile True: b.count(b'x')",
        "import json; json.dumps('\"' * 10**8)",
        "import sys; sys.set_int_max_str_digits(0); int('9' * 10**7)",
        "import numpy as np; np.sort(np.arange(3 * 10**7)[::-1])",
        "import os\nwhile True: os.urandom(10**8)",
    ] {
        let run = program(work).timeout_ms(300).run();
        run.fails_with("timeout").within(Duration::from_secs(4));
    }
}

/// Units of fuel for a second of the processor's time, in an endless loop.
fn units_per_second(source: &str) -> f64 {
    const FUEL: u64 = 400_000_000;
    let clock = CpuClock::of_this_thread();
    let burn = |fuel| {
        let before = clock.now();
        let run = script(source).fuel(fuel).run().fails_with("fuel_exhausted");
        let time = clock.now().saturating_sub(before).as_secs_f64();
        (run.outcome().usage.fuel as f64, time)
    };
    let rates = (0..3).map(|_| {
        // What it takes to start and to prepare the loop is in both.
        let ((few, soon), (many, late)) = (burn(FUEL / 4), burn(FUEL));
        (many - few) / (late - soon).max(1e-3)
    });
    rates.fold(0.0, f64::max)
}

#[test]
fn the_default_fuel_outlasts_the_default_timeout_whatever_the_work() {
    let default = LimitPolicy::default().default;
    for (name, source) in LOOPS {
        let rate = units_per_second(source);
        let seconds = default.fuel as f64 / rate;
        println!(
            "{name}: {:.1} thousand million units/s, {seconds:.0} s",
            rate / 1e9
        );
        assert!(
            seconds * 1000.0 > default.timeout_ms as f64,
            "{name} uses up the default fuel in {seconds:.1} s"
        );
    }
}

#[test]
fn limits_outside_of_what_may_be_asked_for_are_refused() {
    let narrow = for_strangers();
    for limit in Limit::ALL {
        let maximum = LimitPolicy::default().maximum.get(limit);
        for (value, problem) in [
            (0, "positive"),
            (maximum + 1, "maximum"),
            (u64::MAX, "maximum"),
        ] {
            let mut limits = belljar::Limits::default();
            limits.set(limit, Some(value));
            let program = belljar::Program::function("def main(): return 1").limits(limits);
            let error = narrow.execute(&program).unwrap_err();
            let text = error.to_string();
            assert_eq!(error.error_type(), ErrorType::InvalidRequest, "{text}");
            assert!(
                text.contains(limit.name()) && text.contains(problem),
                "{text}"
            );
        }
    }
}

#[test]
fn the_message_says_whether_a_limit_can_be_raised() {
    let narrow = for_strangers();
    let endless = script(ENDLESS).of_a_stranger().fuel(50_000_000);
    let run = endless.run_in(&narrow);
    let most = LimitPolicy::default().maximum;
    run.says("limits.fuel").says(&most.fuel.to_string());
    let sleeper = script(SLEEPER).of_a_stranger().timeout_ms(100);
    let run = sleeper.run_in(&narrow);
    run.says("limits.timeout_ms")
        .says(&most.timeout_ms.to_string());
}

#[test]
fn any_amount_of_fuel_ends_cleanly() {
    for fuel in [1, 10, 1000, 100_000, 400_000, 500_000, 540_000, 543_000] {
        let run = script("def main(): return 1").fuel(fuel).run();
        match run.fault_if_any() {
            Some(fault) => assert_eq!(fault.kind.name(), "fuel_exhausted", "{fault:?}"),
            None => assert_eq!(run.value(), json!(1)),
        }
    }
}

#[test]
fn a_deadline_of_a_millisecond_ends_cleanly() {
    let start = Instant::now();
    for _ in 0..50 {
        let run = script(ENDLESS).timeout_ms(1).run();
        run.fails_with("timeout");
    }
    assert!(start.elapsed() < Duration::from_secs(20));
}
