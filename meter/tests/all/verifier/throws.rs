//! Tests of the checks that have to look at the floor even where a run can be stopped by sending it
//! to the stop function.

use belljar_meter::{Options, Proof, VerifyError};

use crate::support;

/// A check that takes one, and compares with the floor, or with zero.
fn check(amount: &str, looks_at_floor: bool) -> String {
    let limit = match looks_at_floor {
        true => "i32.const 0 i64.load $floor",
        false => "i64.const 0",
    };
    format!(
        "global.get $fuel {amount} i64.sub local.tee $t global.set $fuel
         local.get $t {limit} i64.lt_s if unreachable end"
    )
}

fn verified(body: &str, options: &Options) -> Result<Proof, VerifyError> {
    let text = format!(
        "(module (tag $e) (memory 1) (memory $floor (export \"floor\") 1 1)
           (global $fuel (export \"fuel\") (mut i64) (i64.const 0))
           (func (param $n i32) (local $t i64) (local $result i32) {body})
           (func (export \"halt\") unreachable))"
    );
    belljar_meter::verify(&support::wasm(&text), options)
}

#[test]
fn other_checks_need_not_look() {
    for looks in [true, false] {
        let body = format!("loop {} br 0 end", check("i64.const 1", looks));
        verified(&body, &support::stoppable()).expect(&body);
    }
    // Where nothing but the floor stops a run, every check has to.
    let body = format!("loop {} br 0 end", check("i64.const 1", false));
    let error = verified(&body, &support::interruptible()).expect_err("it does not look");
    assert!(
        matches!(error, VerifyError::CounterTouched { .. }),
        "{error}"
    );
}

#[test]
fn bulk_instructions_need_a_check_that_looks() {
    let bodies = |looks| {
        let by_length = check("local.get $n i32.const 3 i32.shr_u i64.extend_i32_u", looks);
        let by_pages = check("local.get $n i64.extend_i32_u i64.const 13 i64.shl", looks);
        [
            format!("i32.const 0 i32.const 0 {by_length} local.get $n memory.fill"),
            format!(
                "local.get $n local.tee $n memory.grow local.tee $result i32.const -1 i32.ne
                 if {by_pages} end"
            ),
        ]
    };
    for body in bodies(true) {
        verified(&body, &support::stoppable()).expect(&body);
    }
    for body in bodies(false) {
        let error = verified(&body, &support::stoppable()).expect_err(&body);
        assert!(
            matches!(error, VerifyError::UnchargedBulk { .. }),
            "{error}"
        );
    }
}

#[test]
fn throwing_needs_a_check_that_looks() {
    let enough = "i64.const 200";
    let good = format!("{} throw $e", check(enough, true));
    verified(&good, &support::stoppable()).expect(&good);
    for body in [
        "throw $e".to_owned(),
        format!("{} throw $e", check(enough, false)),
        format!("{} nop throw $e", check(enough, true)),
        format!("{} throw $e", check(enough, true)).replace("throw", "ref.null exn throw_ref"),
    ] {
        let body = body.replace("throw_ref $e", "throw_ref");
        let error = verified(&body, &support::stoppable()).expect_err(&body);
        assert!(
            matches!(error, VerifyError::UncheckedThrow { .. }),
            "{body}: {error}"
        );
    }
}
