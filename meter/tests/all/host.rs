//! Tests of the host's part: setting, reading, and interrupting from another thread.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    thread,
    time::{Duration, Instant},
};

use belljar_meter::host::{INTERRUPT, STOPPED};
use wasmtime::Trap;

use crate::support::{End, Run, interruptible, metered, throwing};

const ENDLESS: [&str; 5] = [
    "(module (func (export \"f\") (loop $l (br $l))))",
    "(module (func (export \"f\") (loop $l (br_if $l (i32.const 1)))))",
    "(module (func $g) (func (export \"f\") (loop $l (call $g) (br $l))))",
    "(module (func (export \"f\") (local $i i32)
       (loop $outer
         (loop $inner
           (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $inner (i32.ne (local.get $i) (i32.const -1))))
         (br $outer))))",
    "(module (memory 1024) (func (export \"f\") (param) (local $n i32)
       (local.set $n (i32.const 67108864))
       (loop $l (memory.fill (i32.const 0) (i32.const 1) (local.get $n)) (br $l))))",
];

/// More than any run can spend in the time it has.
const PLENTY: i64 = i64::MAX;

#[test]
fn another_thread_interrupts_a_run_with_a_single_write() {
    for text in ENDLESS {
        for options in [interruptible(), throwing(interruptible())] {
            let (module, ..) = metered(text, &options);
            let mut run = Run::new(&module).expect("an instance");
            run.set_fuel(PLENTY);
            let floor = run
                .instance
                .get_memory(&mut run.store, "floor")
                .expect("the floor");
            let floor = floor.data_ptr(&run.store) as usize;

            let watchdog = thread::spawn(move || {
                thread::sleep(Duration::from_millis(20));
                // SAFETY: The memory can't grow, so it stays where it is, and it is alive: this
                // thread is joined before the store is dropped. The address is a multiple of eight.
                let floor = unsafe { AtomicI64::from_ptr(floor as *mut i64) };
                floor.store(INTERRUPT, Ordering::Relaxed);
                Instant::now()
            });
            let end = run.call("f", &[]);
            let late = watchdog.join().expect("the watchdog ends").elapsed();
            // Generous, as the tests may run on a machine that is busy with something else.
            assert!(late < Duration::from_secs(1), "{text}: {late:?}");
            let trapped = End::Trapped(Trap::UnreachableCodeReached);
            if options == interruptible() {
                assert_eq!(end, trapped, "{text}");
                assert!(
                    (0..PLENTY).contains(&run.fuel()),
                    "{text}: it tells what was left"
                );
            } else {
                assert_eq!(end, End::Thrown, "{text}");
                assert_eq!(run.fuel(), STOPPED);
            }
        }
    }
}

#[test]
fn an_interrupted_instance_stays_interrupted() {
    let (module, ..) = metered(ENDLESS[0], &interruptible());
    let mut run = Run::new(&module).expect("an instance");
    let floor = run
        .instance
        .get_memory(&mut run.store, "floor")
        .expect("the floor");
    floor
        .write(&mut run.store, 0, &INTERRUPT.to_le_bytes())
        .expect("in bounds");
    for _ in 0..3 {
        assert_eq!(
            run.spend(PLENTY, "f", &[]),
            (End::Trapped(Trap::UnreachableCodeReached), 1)
        );
    }
}

#[test]
fn fuel_can_be_set_again_for_the_next_call() {
    let text = "(module (func (export \"f\") (param $n i32)
                  (loop $l (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                           (br_if $l (i32.gt_u (local.get $n) (i32.const 1))))))";
    let (module, ..) = metered(text, &interruptible());
    let mut run = Run::new(&module).expect("an instance");
    let costs = [10, 20, 10].map(|n| run.spend(1000, "f", &[wasmtime::Val::I32(n)]).1);
    assert_eq!(costs[0], costs[2]);
    assert!(costs[0] < costs[1]);
}
