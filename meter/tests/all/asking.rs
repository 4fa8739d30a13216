//! Runs that are given their fuel in slices, by a hook.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use belljar_meter::{Options, host::INTERRUPT};
use wasmtime::{Caller, Func, Ref, Trap, Val};

use crate::support::{End, Run, asking, interruptible, metered, plain};

const SPIN: &str = "(module
    (func (export \"spin\") (param i32) (result i32)
        (loop $again
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (i32.const 7)))";

/// The reaction of a hook that is asked.
#[derive(Clone, Copy)]
enum Hook {
    /// Adds this much to the counter, so many times, and fails from then on.
    Gives { slice: i64, times: i64 },
    /// Returns, and has done nothing.
    GivesNothing,
}

/// A run whose hook does something, and how often it was asked.
fn run(options: &Options, hook: Hook) -> (Run, Arc<AtomicI64>) {
    let (wasm, ..) = metered(SPIN, options);
    let mut run = Run::new(&wasm).expect("an instance");
    let fuel = (run.instance.get_global(&mut run.store, "fuel")).expect("the counter");
    let asked = Arc::new(AtomicI64::new(0));
    let count = Arc::clone(&asked);
    let function = Func::wrap(&mut run.store, move |mut caller: Caller<'_, ()>| {
        let so_far = count.fetch_add(1, Ordering::Relaxed);
        match hook {
            Hook::Gives { slice, times } if so_far < times => {
                let left = fuel.get(&mut caller).unwrap_i64();
                fuel.set(&mut caller, Val::I64(left + slice))
            }
            Hook::Gives { .. } => Err(wasmtime::Error::msg("no more")),
            Hook::GivesNothing => Ok(()),
        }
    });
    let table = (run.instance.get_table(&mut run.store, "hook")).expect("the table");
    table
        .set(&mut run.store, 0, Ref::Func(Some(function)))
        .expect("a function");
    (run, asked)
}

#[test]
fn a_run_goes_on_for_as_long_as_the_hook_gives_it_fuel_and_costs_the_same() {
    for options in [asking(plain()), asking(interruptible())] {
        let whole = Hook::Gives { slice: 0, times: 0 };
        let (end, spent) = run(&options, whole)
            .0
            .spend(1 << 20, "spin", &[Val::I32(5000)]);
        assert_eq!(end, End::Returned(vec![7]));
        assert!(spent > 2000, "{spent}");

        let slices = Hook::Gives {
            slice: 1000,
            times: i64::MAX,
        };
        let (mut sliced, asked) = run(&options, slices);
        let (end, _) = sliced.spend(0, "spin", &[Val::I32(5000)]);
        assert_eq!(end, End::Returned(vec![7]));
        let slices = asked.load(Ordering::Relaxed);
        assert!(slices > 1, "{slices}");
        assert_eq!(slices * 1000 - sliced.fuel(), spent);

        let (mut stopped, asked) = run(
            &options,
            Hook::Gives {
                slice: 1000,
                times: 2,
            },
        );
        let (end, _) = stopped.spend(0, "spin", &[Val::I32(5000)]);
        assert!(matches!(end, End::Failed(_)), "{end:?}");
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }
}

#[test]
fn a_hook_that_gives_too_little_lets_nobody_pass() {
    for hook in [Hook::GivesNothing, Hook::Gives { slice: 1, times: 1 }] {
        let (mut run, asked) = run(&asking(plain()), hook);
        let (end, _) = run.spend(-10_000, "spin", &[Val::I32(5000)]);
        assert_eq!(end, End::Trapped(Trap::UnreachableCodeReached));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_hook_is_asked_by_a_run_that_is_interrupted() {
    let fails = Hook::Gives { slice: 0, times: 0 };
    let (mut run, asked) = run(&asking(interruptible()), fails);
    let floor = (run.instance.get_memory(&mut run.store, "floor")).expect("the floor");
    floor
        .write(&mut run.store, 0, &INTERRUPT.to_le_bytes())
        .expect("eight bytes");
    let (end, _) = run.spend(1 << 30, "spin", &[Val::I32(5000)]);
    assert!(matches!(end, End::Failed(_)), "{end:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn without_a_hook_a_run_traps() {
    let (wasm, ..) = metered(SPIN, &asking(plain()));
    let mut run = Run::new(&wasm).expect("an instance");
    let (end, _) = run.spend(10, "spin", &[Val::I32(5000)]);
    assert_eq!(end, End::Trapped(Trap::IndirectCallToNull));
}
