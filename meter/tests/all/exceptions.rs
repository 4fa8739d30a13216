//! Exceptions are edges of control flow without a branch.

use wasmtime::Val;

use crate::support::{End, check, check_endless_with};

#[test]
fn an_exception_that_is_caught() {
    let (end, _) = check(
        "(module (tag $e (param i32))
           (func $thrower (param i32) (throw $e (local.get 0)))
           (func (export \"f\") (param i32) (result i32)
             (block $handler (result i32)
               (try_table (catch $e $handler) (call $thrower (local.get 0)))
               (i32.const -1))))",
        "f",
        &[Val::I32(42)],
    );
    assert_eq!(end, End::Returned(vec![42]));
}

#[test]
fn an_exception_that_is_not_caught() {
    let (end, _) = check(
        "(module (tag $e) (func (export \"f\") (loop (throw $e))))",
        "f",
        &[],
    );
    assert_eq!(end, End::Thrown);
}

#[test]
fn a_loop_that_throws_and_catches() {
    check(
        "(module (tag $e (param i32))
           (func $thrower (param i32) (throw $e (local.get 0)))
           (func (export \"f\") (param $n i32) (result i32) (local $sum i32)
             (loop $again
               (block $handler (result i32)
                 (try_table (catch $e $handler) (call $thrower (local.get $n)))
                 (unreachable))
               (local.set $sum (i32.add (local.get $sum)))
               (local.set $n (i32.sub (local.get $n) (i32.const 1)))
               (br_if $again (local.get $n)))
             (local.get $sum)))",
        "f",
        &[Val::I32(50)],
    );
}

/// The handler is the header of a loop, so the way around has no branch in it.
#[test]
fn a_handler_that_is_a_loop_header() {
    check(
        "(module (tag $e) (global $left (mut i32) (i32.const 30))
           (func $thrower
             (global.set $left (i32.sub (global.get $left) (i32.const 1)))
             (if (global.get $left) (then (throw $e))))
           (func (export \"f\") (loop $again (try_table (catch $e $again) (call $thrower)))))",
        "f",
        &[],
    );
}

#[test]
fn a_handler_that_is_a_loop_header_with_a_payload() {
    check(
        "(module (tag $e (param i32))
           (func (export \"f\") (param $n i32) (result i32)
             (local.get $n)
             (loop $again (param i32) (result i32)
               (local.set $n (i32.sub (i32.const 1)))
               (try_table (catch $e $again)
                 (if (local.get $n) (then (throw $e (local.get $n)))))
               (i32.const 7))))",
        "f",
        &[Val::I32(30)],
    );
}

#[test]
fn exceptions_by_reference_are_thrown_again() {
    check(
        "(module (tag $e)
           (func $thrower (throw $e))
           (func $passes_on
             (block $handler (result exnref)
               (try_table (catch_all_ref $handler) (call $thrower))
               (return))
             (throw_ref))
           (func (export \"f\") (param $n i32) (result i32) (local $sum i32)
             (loop $again
               (block $handler
                 (try_table (catch $e $handler) (call $passes_on)))
               (local.set $sum (i32.add (local.get $sum) (i32.const 1)))
               (br_if $again (i32.lt_u (local.get $sum) (local.get $n))))
             (local.get $sum)))",
        "f",
        &[Val::I32(20)],
    );
}

/// Whoever catches everything catches the meter's own exception too, but gets nowhere with it.
#[test]
fn code_that_catches_everything_is_stopped_nevertheless() {
    let thrower = "(tag $e) (func $thrower (throw $e))";
    for body in [
        "(loop $again (try_table (catch_all $again) (call $thrower)))",
        "(loop $again (try_table (catch_all $again) (call $recursive)))",
        "(loop $again (try_table (catch_all $again) (loop $inner (br $inner))))",
        "(loop $again (block $h (try_table (catch_all $h) (loop $inner (br $inner)))) (br $again))",
        "(loop $again (block $h (try_table (catch_all $h) (br $again))) (br $again))",
        "(block $out (try_table (catch_all $out)
           (loop $again (block $h (try_table (catch_all $h) (call $again))) (br $again))))
         (loop $forever (br $forever))",
        "(try_table (catch_all 0) (try_table (catch_all 0) (try_table (catch_all 0)
           (loop $again (br $again)))))
         (loop $again (br_if $again (i32.const 1)))",
    ] {
        // Not so much fuel that recursion ends in a stack overflow.
        check_endless_with(
            &format!(
                "(module {thrower}
                   (func $recursive (try_table (catch_all 0) (call $recursive)))
                   (func $again (block $h (try_table (catch_all $h) (loop $l (br $l)))) (call $again))
                   (func (export \"f\") {body}))"
            ),
            "f",
            &[],
            &[0, 1, 1000, 2000],
        );
    }
}

/// The body up to where it throws is paid for, although it is not left by a branch or at its end.
#[test]
fn what_runs_before_an_exception_is_charged() {
    let work = "(local.set $i (i32.mul (local.get $i) (i32.const 3)))".repeat(500);
    let text = format!(
        "(module (tag $e)
           (func (export \"f\") (param $n i32) (local $i i32)
             (loop $again
               (block $handler
                 (try_table (catch $e $handler) {work} (throw $e)))
               (local.set $n (i32.sub (local.get $n) (i32.const 1)))
               (br_if $again (local.get $n)))))"
    );
    let (_, spent) = check(&text, "f", &[Val::I32(100)]);
    assert!(spent > 100 * 500, "{spent}");
}
