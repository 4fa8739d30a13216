//! Circles of calls that lead through the host or a table, and what does not close one.

use belljar_meter::VerifyError;

use super::module;
use crate::support::{self, asking, plain, verified};

/// Checks that the first function of a module is on a circle of calls, alone.
fn is_circle(fields: &str) {
    match verified(&module(fields)) {
        Err(VerifyError::UncheckedRecursion { functions }) => {
            assert_eq!(functions, [1], "{fields}");
        }
        other => panic!("{fields}: {other:?}"),
    }
}

#[test]
fn a_table_may_hold_whatever_is_mentioned_anywhere() {
    let calls = "(func $f i32.const 0 call_indirect (type $none))";
    for mention in [
        "(elem (i32.const 0) func $f)",
        "(elem (i32.const 0) funcref (ref.func $f))",
        "(elem funcref (ref.func $f))",
        "(elem declare func $f)",
        "(global funcref (ref.func $f))",
    ] {
        is_circle(&format!("{calls} {mention}"));
    }
    verified(&module(calls)).expect("nothing can be called");
    // A type that is equal is the same.
    let other = "(type $other (func)) (func $f i32.const 0 call_indirect (type $other))";
    is_circle(&format!("{other} (elem declare func $f)"));
    let other = "(type $other (func (param i32))) (func $f i32.const 0 i32.const 0 call_indirect (type $other))";
    verified(&module(&format!("{other} (elem declare func $f)"))).expect("another signature");
}

#[test]
fn the_host_calls_back_what_it_can_get() {
    let calls = "(func $f call $host) (elem declare func $f)";
    verified(&module(calls)).expect("the host can't get it");
    for way in [
        "(export \"f\" (func $f))",
        "(table (export \"t\") 1 funcref)",
        "(global (export \"g\") (mut funcref) (ref.null func))",
        "(func (export \"gives\") (result funcref) ref.null func)",
        "(func (export \"takes\") (param funcref))",
        "(tag (param funcref))",
    ] {
        is_circle(&format!("{calls} {way}"));
    }
    for way in [
        "(import \"a\" \"table\" (table 1 funcref))",
        "(import \"a\" \"global\" (global (mut funcref)))",
        "(import \"a\" \"tag\" (tag (param funcref)))",
    ] {
        let text = module(calls).replace("(memory 1)", &format!("{way} (memory 1)"));
        let error = verified(&text).expect_err(way);
        assert!(
            matches!(error, VerifyError::UncheckedRecursion { .. }),
            "{way}: {error}"
        );
    }
}

#[test]
fn a_table_that_the_host_can_reach_may_hold_the_host() {
    let calls = "(func $f (export \"f\") i32.const 0 call_indirect $shared (type $none))";
    is_circle(&format!("(table $shared (export \"t\") 1 funcref) {calls}"));
    verified(&module(&format!("(table $shared 1 funcref) {calls}"))).expect("it is its own");
}

#[test]
fn a_hook_lets_no_references_through() {
    let text = module(
        "(table $hook (export \"hook\") 1 1 funcref)
         (func $f call $host) (elem declare func $f)
         (func $ask
           i32.const 0 call_indirect $hook (type $none)
           global.get $fuel i64.const 0 i64.lt_s if unreachable end)",
    );
    belljar_meter::verify(&support::wasm(&text), &asking(plain())).expect("the host can't get it");
    let error = verified(&text).expect_err("it is a table as any other");
    assert!(
        matches!(
            error,
            VerifyError::UncheckedRecursion { .. } | VerifyError::CounterTouched { .. }
        ),
        "{error}"
    );
}
