//! Counted loops are run in strips, and end exactly when the original would.

use wasmtime::Val;

use crate::support::{AMPLE, Run, check, interruptible, metered, plain, wasm};

/// A module whose `f(start, bound)` returns the number of iterations (modulo 2^32) and the counter
/// at the end, for a loop with the given step and test, which may use `$i` and `$n`.
fn counting(step: i32, test: &str) -> String {
    format!(
        "(module (func (export \"f\") (param $i i32) (param $n i32) (result i32 i32)
           (local $rounds i32)
           (loop $again
             (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
             (local.set $i (i32.add (local.get $i) (i32.const {step})))
             (br_if $again {test}))
           (local.get $rounds) (local.get $i)))"
    )
}

fn tests_of(step: i32) -> Vec<String> {
    let mut tests = vec!["(i32.ne (local.get $i) (local.get $n))".to_owned()];
    tests.push("(i32.ne (local.get $n) (local.get $i))".to_owned());
    let (forward, backward) = if step > 0 { ("l", "g") } else { ("g", "l") };
    for sign in ["s", "u"] {
        for or_equal in ["t", "e"] {
            tests.push(format!(
                "(i32.{forward}{or_equal}_{sign} (local.get $i) (local.get $n))"
            ));
            tests.push(format!(
                "(i32.{backward}{or_equal}_{sign} (local.get $n) (local.get $i))"
            ));
        }
    }
    tests
}

/// The number of iterations of a loop in the shape of [`counting`], or `None` if too many.
fn rounds(step: i32, test: &str, mut i: i32, n: i32) -> Option<u32> {
    let mirrored = test.find("$n") < test.find("$i");
    let holds = |i: i32| {
        let (a, b) = if mirrored { (n, i) } else { (i, n) };
        let (ua, ub) = (a.cast_unsigned(), b.cast_unsigned());
        match &test[5..9] {
            "ne (" => a != b,
            "lt_s" => a < b,
            "lt_u" => ua < ub,
            "le_s" => a <= b,
            "le_u" => ua <= ub,
            "gt_s" => a > b,
            "gt_u" => ua > ub,
            "ge_s" => a >= b,
            "ge_u" => ua >= ub,
            other => panic!("{other}"),
        }
    };
    for count in 1..30_000 {
        i = i.wrapping_add(step);
        if !holds(i) {
            return Some(count);
        }
    }
    None
}

#[test]
fn strips_have_as_many_iterations_as_the_loop() {
    const EDGES: [i32; 14] = [
        0,
        1,
        2,
        7,
        4095,
        4096,
        4097,
        -1,
        -2,
        -9000,
        i32::MAX,
        i32::MAX - 1,
        i32::MIN,
        i32::MIN + 3,
    ];
    for step in [1, -1, 2, -4, 3, -24, 1 << 16] {
        for test in tests_of(step) {
            let text = counting(step, &test);
            let (module, summary, proof) = metered(&text, &plain());
            assert_eq!(
                (summary.placed.counted_loops, proof.strips),
                (1, 1),
                "{step} {test}"
            );
            let mut run = Run::new(&module).expect("an instance");
            let mut original = Run::new(&wasm(&text)).expect("an instance");
            for i in EDGES {
                for n in EDGES {
                    let Some(expected) = rounds(step, &test, i, n) else {
                        continue;
                    };
                    let arguments = [Val::I32(i), Val::I32(n)];
                    let (end, spent) = run.spend(AMPLE, "f", &arguments);
                    assert_eq!(end, original.call("f", &arguments), "{step} {test} {i} {n}");
                    // Half of two additions, a comparison, and a branch in each iteration.
                    let expected = 2 * i64::from(expected);
                    assert!(
                        (expected..expected + 16).contains(&spent),
                        "{step} {test} {i} {n}: {spent} instead of {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_loop_that_counts_down_to_zero() {
    let text = "(module (func (export \"f\") (param $n i32) (result i32) (local $sum i32)
                  (loop $again
                    (local.set $sum (i32.add (local.get $sum) (local.get $n)))
                    (br_if $again (local.tee $n (i32.add (local.get $n) (i32.const -1)))))
                  (local.get $sum)))";
    let (_, summary, _) = metered(text, &interruptible());
    assert_eq!(summary.placed.counted_loops, 1);
    for n in [1, 2, 4096, 4097, 100_000] {
        let (_, spent) = check(text, "f", &[Val::I32(n)]);
        // Half of two additions and a branch, and no part of a unit.
        assert!(
            (2 * i64::from(n)..2 * i64::from(n) + 16).contains(&spent),
            "{n}: {spent}"
        );
    }
}

#[test]
fn inner_blocks_do_not_hide_the_count() {
    let text = "(module (memory 1)
                  (func (export \"f\") (param $n i32) (result i32) (local $i i32) (local $sum i32)
                  (loop $again
                    (block $skip
                      (br_if $skip (i32.and (local.get $i) (i32.const 1)))
                      (local.set $sum (i32.add (local.get $sum) (local.get $i))))
                    (if (i32.and (local.get $i) (i32.const 2))
                      (then (local.set $sum (i32.mul (local.get $sum) (i32.const 3)))))
                    (br_if $again (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                                            (local.get $n))))
                  (local.get $sum)))";
    let (_, summary, _) = metered(text, &plain());
    assert_eq!(summary.placed.counted_loops, 1);
    check(text, "f", &[Val::I32(10_000)]);
}

/// Loops that look like counted ones but are not, so that each iteration must be checked.
#[test]
fn lookalikes_are_checked_in_every_iteration() {
    let step = "(local.set $i (i32.add (local.get $i) (i32.const 1)))";
    let test = "(i32.lt_u (local.get $i) (local.get $n))";
    for body in [
        // The bound moves.
        format!("(local.set $n (i32.sub (local.get $n) (i32.const 1))) {step} (br_if $l {test})"),
        // The counter is written twice.
        format!("{step} {step} (br_if $l {test})"),
        format!("(if (local.get $j) (then (local.set $i (i32.const 0)))) {step} (br_if $l {test})"),
        // The step may be skipped.
        format!("(if (local.get $one) (then {step})) (br_if $l {test})"),
        format!("(block $b (br_if $b (local.get $j)) {step}) (br_if $l {test})"),
        // The step is not a constant.
        format!("(local.set $i (i32.add (local.get $i) (local.get $one))) (br_if $l {test})"),
        // There is another way round, or out.
        format!("{step} (br_if $l (local.get $j)) (br_if $l {test})"),
        format!("{step} (br_if $out (local.get $j)) (br_if $l {test})"),
        format!("{step} (if (local.get $j) (then (return))) (br_if $l {test})"),
        // It compares what the counter was before the step.
        format!("(local.get $i) {step} (br_if $l (i32.lt_u (local.get $n)))"),
        // It steps away from the bound.
        format!("{step} (br_if $l (i32.gt_u (local.get $i) (local.get $n)))"),
        // It calls.
        format!("(call $nop) {step} (br_if $l {test})"),
    ] {
        let text = format!(
            "(module (func $nop)
               (func (export \"f\") (param $i i32) (param $n i32) (param $one i32) (local $j i32)
                 (block $out (loop $l {body}))))"
        );
        let (_, summary, proof) = metered(&text, &plain());
        assert_eq!(
            (summary.placed.counted_loops, proof.strips),
            (0, 0),
            "{body}"
        );
        check(&text, "f", &[Val::I32(0), Val::I32(1), Val::I32(1)]);
    }
}

#[test]
fn a_long_trip_is_stopped_within_a_strip() {
    let text = counting(1, "(i32.ne (local.get $i) (local.get $n))");
    let (module, ..) = metered(&text, &interruptible());
    let mut run = Run::new(&module).expect("an instance");
    run.spend(1_000_000, "f", &[Val::I32(0), Val::I32(-1)]);
    assert!(run.fuel() < 0 && run.fuel() > -20_000, "{}", run.fuel());
}
