//! The meter's own functions: the one that asks a hook, and the one that limits memory. What imitates
//! them, with one thing wrong.

use belljar_meter::{Options, Proof, VerifyError};

use crate::support::{self, asking, limited, plain};

const MODULE: &str = "(module
  (type $none (func))
  (memory 1 10)
  (table $own 2 funcref)
  (table $hook (export \"hook\") 1 1 funcref)
  (global $fuel (export \"fuel\") (mut i64) (i64.const 0))
  (global $pages (export \"pages\") (mut i32) (i32.const 0))
  (global $refused (export \"refused\") (mut i32) (i32.const 0))
  (global $other (mut i32) (i32.const 0))
  (func $nothing)
  (func $f (param $n i32) (local $t i64) (local $result i32)
    nop
    local.get $n call $clamp local.tee $n memory.grow
    local.tee $result i32.const -1 i32.ne
    if
      global.get $fuel local.get $n i64.extend_i32_u i64.const 13 i64.shl i64.sub
      local.tee $t global.set $fuel local.get $t i64.const 0 i64.lt_s if call $ask end
    end
    loop
      global.get $fuel i64.const 1 i64.sub
      local.tee $t global.set $fuel local.get $t i64.const 0 i64.lt_s if call $ask end
      br 0
    end)
  (func $clamp (param i32) (result i32)
    memory.size i64.extend_i32_u local.get 0 i64.extend_i32_u i64.add
    global.get $pages i64.extend_i32_u i64.le_u
    if local.get 0 return end
    i32.const 1 global.set $refused i32.const -1)
  (func $ask
    i32.const 0 call_indirect $hook (type $none)
    global.get $fuel i64.const 0 i64.lt_s if unreachable end))";

fn verify(text: &str, options: &Options) -> Result<Proof, VerifyError> {
    belljar_meter::verify(&support::wasm(text), options)
}

/// Checks that a module with something else in it is not verified, and returns why.
fn refusal(part: &str, replacement: &str) -> VerifyError {
    let bad = MODULE.replacen(part, replacement, 1);
    assert_ne!(bad, MODULE, "{part}");
    let options = limited(asking(plain()));
    verify(&bad, &options).expect_err(&format!("{part} -> {replacement}"))
}

#[test]
fn a_hook_and_a_limit_are_accepted() {
    let proof = verify(MODULE, &limited(asking(plain()))).expect("as it should be");
    // The check after growing belongs to the bulk instruction.
    assert_eq!((proof.checks, proof.bulk, proof.loops), (1, 1, 1));
}

#[test]
fn what_asks_must_be_what_is_known() {
    for (part, replacement) in [
        ("i64.lt_s if unreachable end)", "i64.lt_s if nop end)"),
        (
            "i64.lt_s if unreachable end)",
            "i64.gt_s if unreachable end)",
        ),
        (
            "global.get $fuel i64.const 0 i64.lt_s if unreachable end)",
            ")",
        ),
        (
            "i64.const 0 i64.lt_s if unreachable",
            "i64.const -9 i64.lt_s if unreachable",
        ),
        ("call_indirect $hook", "call_indirect $own"),
        ("i32.const 0 call_indirect", "i32.const 1 call_indirect"),
    ] {
        let error = refusal(part, replacement);
        assert!(
            matches!(error, VerifyError::NoSlowPath { .. }),
            "{replacement}: {error}"
        );
    }
}

#[test]
fn what_limits_must_be_what_is_known() {
    for (part, replacement) in [
        ("i64.le_u", "i64.le_s"),
        ("i64.le_u", "i64.ge_u"),
        ("i64.add", "i64.sub"),
        ("memory.size i64.extend_i32_u", "i64.const 0"),
        ("global.get $pages", "global.get $other"),
        ("global.set $refused", "global.set $other"),
        ("i32.const -1)", "i32.const -2)"),
        ("i32.const -1)", "local.get 0)"),
        ("if local.get 0 return end", "if i32.const 5 return end"),
    ] {
        let error = refusal(part, replacement);
        assert!(
            matches!(error, VerifyError::NoSlowPath { .. }),
            "{replacement}: {error}"
        );
    }
}

#[test]
fn every_growth_must_be_limited() {
    for (part, replacement) in [
        ("call $clamp local.tee", "local.tee"),
        (
            "call $clamp local.tee",
            "call $clamp drop i32.const 9 local.tee",
        ),
        (
            "call $clamp local.tee $n",
            "call $clamp local.set $n local.get $n",
        ),
        ("nop", "i32.const 1 memory.grow drop"),
    ] {
        let error = refusal(part, replacement);
        assert!(
            matches!(
                error,
                VerifyError::UnchargedBulk { .. } | VerifyError::CounterTouched { .. }
            ),
            "{replacement}: {error}"
        );
    }
    for memory in ["1", "1 11", "1 10) (memory 1"] {
        let error = refusal("1 10", memory);
        assert!(
            matches!(error, VerifyError::MemoryNotLimited { maximum: 10 }),
            "{memory}: {error}"
        );
    }
}

#[test]
fn what_is_the_meters_own_is_left_alone() {
    for code in [
        "call $ask",
        "i32.const 1 call $clamp drop",
        "i32.const 5 global.set $pages",
        "i32.const 0 global.set $refused",
        "global.get $pages drop",
        "i32.const 0 call_indirect $hook (type $none)",
        "i32.const 0 ref.null func table.set $hook",
        "i32.const 0 table.get $hook drop",
        "ref.null func i32.const 1 table.grow $hook drop",
        "table.size $hook drop",
        "i32.const 0 i32.const 0 i32.const 1 table.copy $hook $own",
        "i32.const 0 i32.const 0 i32.const 1 table.copy $own $hook",
        "i32.const 0 i32.const 0 i32.const 0 table.init $hook $nobody",
        "unreachable call $ask",
    ] {
        let text = MODULE.replace("(global $other", "(elem $nobody func) (global $other");
        let text = text.replacen("nop", code, 1);
        let options = limited(asking(plain()));
        let error = verify(&text, &options).expect_err(code);
        assert!(
            matches!(error, VerifyError::CounterTouched { function: 1, .. }),
            "{code}: {error}"
        );
    }
    for field in [
        "(export \"also\" (table $hook))",
        "(export \"also\" (global $pages))",
        "(export \"also\" (global $refused))",
        "(export \"also\" (func $ask))",
        "(export \"also\" (func $clamp))",
        "(elem (table $own) (i32.const 0) func $ask)",
        "(elem declare func $clamp)",
        "(elem (table $hook) (i32.const 0) func $nothing)",
        "(global funcref (ref.func $ask))",
        "(start $ask)",
    ] {
        let error = refusal("(func $nothing)", &format!("(func $nothing) {field}"));
        assert!(
            matches!(error, VerifyError::CounterShared { .. }),
            "{field}: {error}"
        );
    }
}

#[test]
fn the_hook_and_the_limit_must_be_what_the_options_say() {
    for (part, replacement) in [
        ("1 1 funcref", "1 2 funcref"),
        ("1 1 funcref", "1 funcref"),
        ("1 1 funcref", "1 1 externref"),
        ("(export \"pages\") (mut i32)", "(export \"pages\") i32"),
        ("(export \"hook\")", "(export \"another\")"),
        ("(export \"refused\")", "(export \"another\")"),
    ] {
        let text = MODULE.replacen(part, replacement, 1);
        // What does not fit is not even valid in places.
        let Ok(wasm) = wat::parse_str(&text) else {
            panic!("{replacement}");
        };
        let error = belljar_meter::verify(&wasm, &limited(asking(plain())));
        let error = error.expect_err(replacement);
        assert!(
            matches!(
                error,
                VerifyError::NoCounter { .. } | VerifyError::Module(_)
            ),
            "{replacement}: {error}"
        );
    }
}
