//! Loops of every shape are charged, and endless ones are stopped.

use belljar_meter::Proof;
use wasmtime::Val;

use crate::support::{End, check, check_endless, metered, plain};

/// A function `f` that adds up the numbers below its parameter, with a loop around `body`, which
/// has the counter in `$i` and the sum in `$sum` and must branch to `$again` to go on.
fn summing(body: &str) -> String {
    format!(
        "(module (global $side (mut i32) (i32.const 0))
           (func (export \"f\") (param $n i32) (result i32) (local $i i32) (local $sum i32)
             {body} (local.get $sum)))"
    )
}

const STEP: &str = "(local.set $sum (i32.add (local.get $sum) (local.get $i)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))";
const GOES_ON: &str = "(i32.lt_u (local.get $i) (local.get $n))";

#[test]
fn a_loop_that_tests_at_its_end() {
    let (end, spent) = check(
        &summing(&format!("(loop $again {STEP} (br_if $again {GOES_ON}))")),
        "f",
        &[Val::I32(1000)],
    );
    assert_eq!(end, End::Returned(vec![499_500]));
    // Half of two additions, a comparison and a branch.
    assert!((2000..2300).contains(&spent), "{spent}");
}

#[test]
fn a_loop_that_tests_at_its_start() {
    let (end, spent) = check(
        &summing(&format!(
            "(block $done (loop $again (br_if $done (i32.eqz {GOES_ON})) {STEP} (br $again)))"
        )),
        "f",
        &[Val::I32(1000)],
    );
    assert_eq!(end, End::Returned(vec![499_500]));
    assert!((6000..6300).contains(&spent), "{spent}");
}

#[test]
fn a_loop_with_a_branch_back_from_its_middle() {
    let (end, _) = check(
        &summing(&format!(
            "(loop $again {STEP}
               (br_if $again (i32.and (local.get $i) (i32.const 1)))
               (global.set $side (i32.add (global.get $side) (i32.const 1)))
               (br_if $again {GOES_ON}))"
        )),
        "f",
        &[Val::I32(1000)],
    );
    assert_eq!(end, End::Returned(vec![499_500]));
}

#[test]
fn a_loop_that_calls() {
    check(
        "(module
           (func $callee (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
           (func (export \"f\") (param $n i32) (result i32) (local $sum i32)
             (loop $again
               (local.set $sum (i32.add (local.get $sum) (call $callee (local.get $n))))
               (local.set $n (i32.sub (local.get $n) (i32.const 1)))
               (br_if $again (local.get $n)))
             (local.get $sum)))",
        "f",
        &[Val::I32(77)],
    );
}

#[test]
fn nested_loops() {
    let (_, spent) = check(
        &summing(&format!(
            "(loop $outer
               (local.set $i (i32.const 0))
               (loop $again {STEP} (br_if $again {GOES_ON}))
               (br_if $outer (i32.lt_u (local.get $sum) (i32.const 1000000))))"
        )),
        "f",
        &[Val::I32(100)],
    );
    // 203 times round the outer loop, each 100 times round the inner.
    assert!(spent > 203 * 100 * 2, "{spent}");
}

#[test]
fn a_branch_from_an_inner_loop_to_the_header_of_an_outer_one() {
    check(
        &summing(
            "(loop $outer
               (local.set $i (i32.add (local.get $i) (i32.const 1)))
               (loop $inner
                 (local.set $sum (i32.add (local.get $sum) (i32.const 1)))
                 (br_if $outer (i32.lt_u (local.get $i) (local.get $n)))
                 (br_if $inner (i32.lt_u (local.get $sum) (i32.const 5000)))))",
        ),
        "f",
        &[Val::I32(1000)],
    );
}

#[test]
fn a_loop_in_a_branch_table() {
    for n in [0, 1, 2, 3, 50] {
        check(
            &summing(
                "(block $done
                   (loop $outer
                     (loop $inner
                       (local.set $i (i32.add (local.get $i) (i32.const 1)))
                       (local.set $sum (i32.add (local.get $sum) (local.get $i)))
                       (if (i32.ge_u (local.get $i) (local.get $n)) (then (br $done)))
                       (br_table $inner $outer $inner $done $outer
                         (i32.rem_u (local.get $i) (i32.const 3))))))",
            ),
            "f",
            &[Val::I32(n)],
        );
    }
}

#[test]
fn a_loop_with_parameters_and_results() {
    check(
        "(module (func (export \"f\") (param $n i32) (result i32 i64)
           (i32.const 0) (i64.const 1)
           (loop $again (param i32 i64) (result i32 i64)
             (local.set $n (i32.sub (local.get $n) (i32.const 1)))
             (i64.mul (i64.const 3))
             (br_if $again (local.get $n)))))",
        "f",
        &[Val::I32(20)],
    );
}

#[test]
fn a_loop_that_yields_a_value() {
    check(
        "(module (func (export \"f\") (param $n i32) (result i32)
           (loop $again (result i32)
             (local.set $n (i32.sub (local.get $n) (i32.const 1)))
             (local.get $n)
             (br_if $again (local.get $n)))))",
        "f",
        &[Val::I32(20)],
    );
}

#[test]
fn a_switch_in_a_loop_is_charged_by_the_case() {
    let work = "(local.set $i (i32.mul (local.get $i) (i32.const 3)))".repeat(40);
    let text = format!(
        "(module (func $callee) (func (export \"f\") (param $n i32) (param $case i32) (local $i i32)
           (loop $again
             (local.set $n (i32.sub (local.get $n) (i32.const 1)))
             (if (i32.eqz (local.get $n)) (then (return)))
             (block $long (block $short (br_table $short $long (local.get $case)))
               (call $callee)
               (br $again))
             {work}
             (call $callee)
             (br $again))))"
    );
    let cost = |case| check(&text, "f", &[Val::I32(1001), Val::I32(case)]).1;
    let (short, long) = (cost(0), cost(1));
    assert!(short * 4 < long, "{short} {long}");
}

#[test]
fn a_loop_that_is_never_repeated_is_free_of_checks() {
    let text = "(module (func (export \"f\") (param $n i32) (result i32)
                  (loop $again (nop))
                  (block $b (loop $again (br_if $b (local.get $n)) (nop)))
                  (return (i32.const 1))
                  (loop $dead (br $dead))))";
    let (_, _, proof): (_, _, Proof) = metered(text, &plain());
    assert_eq!(proof.checks, 0);
    check(text, "f", &[Val::I32(1)]);
}

#[test]
fn long_paths_are_split() {
    let work = "(local.set $i (i32.mul (local.get $i) (i32.const 3)))".repeat(50_000);
    let mut options = plain();
    options.costs.max_region = 1000;
    let (_, summary, proof) = metered(&summing(&work), &options);
    assert!((45..=50).contains(&summary.placed.splits), "{summary:?}");
    assert!(proof.largest_debt < 2000, "{proof:?}");
    let (_, spent) = check(&summing(&work), "f", &[Val::I32(0)]);
    assert!(
        (50_000..50_100).contains(&spent),
        "straight code costs what it does: {spent}"
    );
}

#[test]
fn endless_loops_are_stopped() {
    for body in [
        "(loop $again (br $again))",
        "(loop $again (br_if $again (i32.const 1)))",
        "(loop $again (br_table $again $again (i32.const 0)))",
        "(loop $again (loop $inner) (br $again))",
        "(loop $again (loop $inner (br $again)))",
        "(loop $again (loop $inner (br_if $inner (i32.const 0))) (br $again))",
        "(loop $again (block $b (br_if $b (i32.const 1)) (br $again)) (br $again))",
        "(loop $again (if (i32.const 1) (then (br $again)) (else (br $again))))",
        "(loop $a (loop $b (loop $c (br_table $a $b $c $b (local.get $i)))))",
        "(loop $again (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $again (i32.le_u (local.get $i) (i32.const -1))))",
        "(loop $again (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $again (i32.le_s (local.get $i) (i32.const 0x7fffffff))))",
        "(loop $again (local.set $i (i32.add (local.get $i) (i32.const 2)))
           (br_if $again (i32.ne (local.get $i) (i32.const 1))))",
        "(loop $again (local.set $i (i32.add (local.get $i) (i32.const -2)))
           (br_if $again (i32.gt_u (i32.const 1) (i32.const 0))))",
        "(loop $again (local.set $i (i32.add (local.get $i) (i32.const 0)))
           (br_if $again (i32.ne (local.get $i) (i32.const 1))))",
        "(loop $again (result i32) (br $again)) (drop)",
    ] {
        check_endless(&summing(body), "f", &[Val::I32(5)]);
    }
}
