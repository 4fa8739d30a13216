//! Strips of iterations that were charged beforehand.

use belljar_meter::VerifyError;

use super::{check, function};
use crate::support::verified;

#[test]
fn strips_must_end() {
    let charge = check("local.get $e i64.extend_i32_u i64.const 2 i64.mul");
    let good = format!(
        "loop
           local.get $n local.get $i i32.sub
           local.tee $e i32.const 99 local.get $e i32.const 99 i32.lt_u select
           i32.const 1 i32.add local.set $e
           {charge}
           local.get $i local.get $e i32.const 3 i32.mul i32.add local.set $e
           loop
             local.get $i i32.const 3 i32.add local.set $i
             block local.get $n br_if 0 end
             local.get $i local.get $e i32.ne br_if 0
           end
           local.get $i local.get $n i32.ne br_if 0
         end"
    );
    assert_eq!(
        verified(&function(&good)).expect("as it should be").strips,
        1
    );

    let inner = "local.get $i i32.const 3 i32.add local.set $i";
    for (part, replacement) in [
        // The number of iterations that is charged is not what it was limited to.
        ("i32.const 99 i32.lt_u", "i32.const 100 i32.lt_u"),
        (
            "i32.const 99 local.get $e i32.const 99",
            "i32.const -1 local.get $e i32.const -1",
        ),
        ("i32.lt_u select", "i32.lt_s select"),
        (
            "i32.const 1 i32.add local.set $e",
            "i32.const 0 i32.add local.set $e",
        ),
        (
            "i32.const 1 i32.add local.set $e",
            "i32.const 1 i32.add local.set $k",
        ),
        (
            "local.tee $e i32.const 99",
            "call $value local.tee $e i32.const 99",
        ),
        ("i64.const 2 i64.mul", "i64.const 0 i64.mul"),
        // It is not what is run.
        (
            "local.get $e i32.const 3 i32.mul",
            "local.get $e i32.const 4 i32.mul",
        ),
        (
            "local.get $e i32.const 3 i32.mul",
            "local.get $k i32.const 3 i32.mul",
        ),
        (
            "local.get $i local.get $e i32.const 3",
            "local.get $k local.get $e i32.const 3",
        ),
        (
            "i32.mul i32.add local.set $e",
            "i32.mul i32.add local.set $k",
        ),
        (
            "local.set $e\n           loop",
            "local.set $e nop\n           loop",
        ),
        (
            "local.set $e\n           loop",
            "local.set $e i32.const 7 local.set $i\n           loop",
        ),
        // The loop's test is another.
        (
            "local.get $e i32.ne br_if 0",
            "local.get $e i32.lt_u br_if 0",
        ),
        ("local.get $e i32.ne br_if 0", "local.get $k i32.ne br_if 0"),
        (
            "local.get $i local.get $e i32.ne",
            "local.get $k local.get $e i32.ne",
        ),
        (
            "local.get $e i32.ne br_if 0",
            "local.get $e i32.ne br_if 0 nop",
        ),
        // The counter does not step as it should.
        (inner, "nop"),
        (inner, "local.get $i i32.const 2 i32.add local.set $i"),
        (inner, "local.get $k i32.const 3 i32.add local.set $i"),
        (inner, "local.get $i i32.const 3 i32.sub local.set $i"),
        (
            inner,
            "local.get $n if local.get $i i32.const 3 i32.add local.set $i end",
        ),
        (
            inner,
            "block local.get $n br_if 0 local.get $i i32.const 3 i32.add local.set $i end",
        ),
        (
            inner,
            "local.get $i i32.const 3 i32.add local.set $i i32.const 0 local.set $i",
        ),
        (
            inner,
            "local.get $i i32.const 3 i32.add local.tee $i local.set $e",
        ),
        // There is another way around.
        (
            "block local.get $n br_if 0 end",
            "block local.get $n br_if 1 end",
        ),
        (
            "block local.get $n br_if 0 end",
            "block local.get $n br_table 0 1 0 end",
        ),
        (
            "block local.get $n br_if 0 end",
            "loop local.get $n br_if 0 end",
        ),
        ("block local.get $n br_if 0 end", "call $host"),
        // An iteration costs more than is charged for it.
        (
            "block local.get $n br_if 0 end",
            &"local.get $k i32.eqz local.set $k ".repeat(1500),
        ),
    ] {
        let bad = good.replacen(part, replacement, 1);
        assert_ne!(good, bad, "{part}");
        let text = function(&bad).replace(
            "(func $f",
            "(func $value (param i32) (result i32) local.get 0) (func $f",
        );
        let error = verified(&text).expect_err(replacement);
        assert!(
            matches!(
                error,
                VerifyError::UnboundedStrip { .. }
                    | VerifyError::UnpaidLoop { .. }
                    | VerifyError::CounterTouched { .. }
            ),
            "{replacement}: {error}"
        );
    }
}

#[test]
fn strips_must_be_charged_in_every_round() {
    let charge = check("local.get $e i64.extend_i32_u i64.const 2 i64.mul");
    // The charge is before the outer loop, not in it.
    let body = format!(
        "local.get $n
         local.tee $e i32.const 99 local.get $e i32.const 99 i32.lt_u select
         i32.const 1 i32.add local.set $e
         {charge}
         local.get $i local.get $e i32.const 3 i32.mul i32.add local.set $e
         loop
           local.get $i i32.const 3 i32.add local.set $i
           local.get $i local.get $e i32.ne br_if 0
         end"
    );
    let error = verified(&function(&body)).expect_err("not the shape that is known");
    assert!(
        matches!(error, VerifyError::UnboundedStrip { .. }),
        "{error}"
    );
}
