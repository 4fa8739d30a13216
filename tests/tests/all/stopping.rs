//! Stopping what does not stop by itself: wherever the interpreter happens to be, in its main loop
//! or deep inside of C, its fuel ends it, and so does its deadline.

use belljar_tests::endless::{FUEL, scripts};
use belljar_tests::script;
use std::time::Duration;

#[test]
fn fuel_ends_all_of_it_and_is_hardly_exceeded() {
    for (name, source) in scripts() {
        let run = script(source).fuel(FUEL).run();
        let run = run.fails_with("fuel_exhausted");
        let spent = run.outcome().usage.fuel;
        assert!(
            (FUEL..FUEL + FUEL / 50).contains(&spent),
            "{name}: {spent} spent of {FUEL}"
        );
    }
}

#[test]
fn the_deadline_ends_all_of_it_at_once() {
    const DEADLINE: Duration = Duration::from_millis(200);
    for (name, source) in scripts() {
        let late = || {
            let run = script(source.as_str()).timeout_ms(200).run();
            let run = run.fails_with("timeout");
            run.outcome().usage.duration.saturating_sub(DEADLINE)
        };
        // The machine may be busy with other things, but hardly five times in a row.
        let least = (0..5)
            .map(|_| late())
            .find(|late| *late <= Duration::from_millis(20));
        assert!(least.is_some(), "{name}: always more than 20 ms late");
    }
}

#[test]
fn what_catches_everything_cannot_catch_its_end() {
    let source = "
import sys
def main():
    sys.settrace(lambda *a: None)
    while True:
        try:
            while True: pass
        except BaseException:
            print('caught')
        finally:
            print('finally')";
    for run in [
        script(source)
            .fuel(100_000_000)
            .run()
            .fails_with("fuel_exhausted"),
        script(source).timeout_ms(100).run().fails_with("timeout"),
    ] {
        run.prints("");
    }
}
