//! The counter, the floor and the slow path: what they have to be, and who may touch them.

use belljar_meter::VerifyError;

use super::function;
use crate::support::{self, verified};

#[test]
fn other_access_to_the_counter_is_found() {
    for body in [
        "i64.const 1000 global.set $fuel",
        "global.get $fuel drop",
        "unreachable i64.const 1000 global.set $fuel",
    ] {
        let error = verified(&function(body)).expect_err(body);
        assert!(
            matches!(error, VerifyError::CounterTouched { function: 1, .. }),
            "{error}"
        );
    }
}

#[test]
fn other_access_to_the_floor_is_found() {
    let module = |body: &str| {
        support::wasm(&format!(
            "(module (memory $own 1) (memory $floor (export \"floor\") 1 1) (data $d \"x\")
               (global (export \"fuel\") (mut i64) (i64.const 0)) (func {body}))"
        ))
    };
    let options = support::interruptible();
    belljar_meter::verify(
        &module("(i32.store $own (i32.const 0) (i32.const 1))"),
        &options,
    )
    .expect("the module's own memory is none of our business");
    for body in [
        "(i32.store8 $floor (i32.const 100) (i32.const 1))",
        "(drop (i64.load $floor (i32.const 0)))",
        "(v128.store $floor (i32.const 0) (v128.const i64x2 1 1))",
        "(drop (v128.load8_lane $floor 0 (i32.const 0) (v128.const i64x2 1 1)))",
        "(drop (memory.grow $floor (i32.const 1)))",
        "(drop (memory.size $floor))",
        "(memory.fill $floor (i32.const 0) (i32.const 1) (i32.const 8))",
        "(memory.copy $own $floor (i32.const 0) (i32.const 1) (i32.const 8))",
        "(memory.copy $floor $own (i32.const 0) (i32.const 1) (i32.const 8))",
        "(memory.init $floor $d (i32.const 0) (i32.const 0) (i32.const 1))",
    ] {
        let error = belljar_meter::verify(&module(body), &options).expect_err(body);
        assert!(
            matches!(error, VerifyError::CounterTouched { .. }),
            "{body}: {error}"
        );
    }
}

#[test]
fn the_counter_must_be_what_the_options_say() {
    for text in [
        "(module)",
        "(module (func (export \"fuel\")))",
        "(module (global (export \"fuel\") i64 (i64.const 0)))",
        "(module (global (export \"fuel\") (mut i32) (i32.const 0)))",
        "(module (global (import \"a\" \"b\") (mut i64)) (export \"fuel\" (global 0)))",
        "(module (memory (export \"fuel\") 1 1))",
    ] {
        let error = verified(text).expect_err(text);
        assert!(
            matches!(error, VerifyError::NoCounter { .. }),
            "{text}: {error}"
        );
    }
    let with_floor = |floor: &str| {
        let text = format!("(module {floor} (global (export \"fuel\") (mut i64) (i64.const 0)))");
        belljar_meter::verify(&support::wasm(&text), &support::interruptible())
    };
    with_floor("(memory (export \"floor\") 1 1)").expect("as it should be");
    for floor in [
        "",
        "(memory (export \"floor\") 1)",
        "(memory (export \"floor\") 1 2)",
        "(memory (export \"floor\") 0 1)",
        "(memory (import \"a\" \"b\") 1 1) (export \"floor\" (memory 0))",
        "(func (export \"floor\"))",
    ] {
        let error = with_floor(floor).expect_err(floor);
        assert!(
            matches!(error, VerifyError::NoCounter { .. }),
            "{floor}: {error}"
        );
    }
    for floor in [
        "(memory (export \"floor\") (export \"also\") 1 1)",
        "(memory (export \"floor\") 1 1) (data (i32.const 0) \"\\00\\00\\00\\00\\00\\00\\00\\ff\")",
    ] {
        let error = with_floor(floor).expect_err(floor);
        assert!(
            matches!(error, VerifyError::CounterShared { .. }),
            "{floor}: {error}"
        );
    }
    let twice = "(module (global (export \"fuel\") (export \"also\") (mut i64) (i64.const 0)))";
    assert!(matches!(
        verified(twice),
        Err(VerifyError::CounterShared { .. })
    ));
}

#[test]
fn the_slow_path_must_be_there() {
    let text = "(module (global (export \"fuel\") (mut i64) (i64.const 0))
                  (tag (import \"a\" \"stop\")) (export \"stop\" (tag 0)))";
    let text = text.replace("(global", "(memory 1) (global");
    let text = text.replace("(memory 1) (global (export \"fuel\") (mut i64) (i64.const 0))\n                  (tag (import \"a\" \"stop\"))", "(tag (import \"a\" \"stop\")) (global (export \"fuel\") (mut i64) (i64.const 0))");
    let options = support::throwing(support::plain());
    let error = belljar_meter::verify(&support::wasm(&text), &options);
    assert!(
        matches!(error, Err(VerifyError::NoSlowPath { .. })),
        "an imported tag is not ours"
    );
}
