//! Modules that imitate metered ones, written by hand, each with one thing wrong.

mod counter;
mod graph;
mod own;
mod strips;
mod throws;

use belljar_meter::VerifyError;

use crate::support::{self, verified};

/// A check of some amount, with the counter in `$fuel` and `$t` of type `i64`.
fn check(amount: &str) -> String {
    format!(
        "global.get $fuel {amount} i64.sub local.tee $t global.set $fuel
         local.get $t i64.const 0 i64.lt_s if unreachable end"
    )
}

fn module(body: &str) -> String {
    format!(
        "(module (type $none (func)) (import \"host\" \"f\" (func $host)) (memory 1) (table 1 funcref)
           (global $fuel (export \"fuel\") (mut i64) (i64.const 0)) {body})"
    )
}

fn function(body: &str) -> String {
    module(&format!(
        "(func $f (param $i i32) (param $n i32) (local $t i64) (local $e i32) (local $k i32) {body})"
    ))
}

#[test]
fn a_loop_with_a_check_is_accepted() {
    let one = check("i64.const 1");
    for body in [
        format!("loop {one} br 0 end"),
        format!("loop {one} local.get $i br_if 0 end"),
        format!("loop local.get $i if {one} br 1 end end"),
        format!("loop local.get $i if {one} else {one} end br 0 end"),
        format!("loop block local.get $i br_if 0 {one} br 1 end end"),
        format!("loop {one} loop {one} local.get $i br_if 0 end br 0 end"),
    ] {
        verified(&function(&body)).expect(&body);
    }
}

#[test]
fn a_way_around_a_loop_without_a_check_is_found() {
    let one = check("i64.const 1");
    for body in [
        "loop br 0 end".to_owned(),
        "loop local.get $i br_if 0 end".to_owned(),
        "loop local.get $i br_table 0 1 0 end".to_owned(),
        format!("{one} loop br 0 end"),
        format!("loop br 0 {one} end"),
        format!("loop local.get $i if {one} end br 0 end"),
        format!("loop local.get $i if else {one} end br 0 end"),
        format!("loop block local.get $i br_if 0 {one} end br 0 end"),
        format!("loop block local.get $i br_table 0 1 end {one} br 0 end"),
        format!("loop loop {one} local.get $i br_if 0 local.get $i br_if 1 end end")
            .replace(&one, "nop"),
        format!("loop block br 0 {one} end br 0 end"),
        format!("loop {one} loop local.get $i br_if 0 end br 0 end"),
        format!("loop local.get $i if unreachable {one} end br 0 end"),
    ] {
        let error = verified(&function(&body)).expect_err(&body);
        assert!(
            matches!(error, VerifyError::UnpaidLoop { .. }),
            "{body}: {error}"
        );
    }
}

#[test]
fn exceptions_lead_around_loops_too() {
    let one = check("i64.const 1");
    let tag = "(tag $e)";
    for body in [
        "loop try_table (catch_all 0) call $host end end".to_owned(),
        "loop try_table (catch_all 0) throw $e end end".to_owned(),
        format!("loop try_table (catch_all 0) call $host {one} end end"),
        format!("loop block try_table (catch_all 0) call $host {one} end end br 0 end"),
        format!(
            "loop block try_table (catch $e 0) try_table call $host {one} end end end br 0 end"
        ),
        format!(
            "loop block (result exnref) try_table (catch_all_ref 0) call $host end {one} ref.null exn end drop br 0 end"
        ),
    ] {
        let error = verified(&function(&body).replace("(memory 1)", &format!("(memory 1) {tag}")))
            .expect_err(&body);
        assert!(
            matches!(error, VerifyError::UnpaidLoop { .. }),
            "{body}: {error}"
        );
    }
    let body = format!(
        "loop {} try_table (catch_all 0) call $host end end",
        check("i64.const 2")
    );
    verified(&function(&body)).expect("checked at the header");
}

#[test]
fn a_check_must_pay_for_what_it_covers() {
    let work = "local.get $i i32.const 3 i32.mul local.set $i ".repeat(1536);
    let body = |amount: u32| {
        function(&format!(
            "loop {} {work} br 0 end",
            check(&format!("i64.const {amount}"))
        ))
    };
    verified(&body(7)).expect("1536 multiplications, a branch, and 256 for each unit");
    let error = verified(&body(6)).expect_err("not enough");
    assert!(
        matches!(error, VerifyError::UnpaidLoop { debt: 1, .. }),
        "{error}"
    );
}

#[test]
fn only_a_whole_check_is_a_check() {
    let good = check("i64.const 1");
    for (part, replacement) in [
        ("i64.const 1", "i64.const 0"),
        ("i64.const 1", "i64.const -1"),
        ("i64.const 1", "i64.const 0x4000000000000000"),
        ("i64.const 1", "local.get $t"),
        ("i64.const 1", "local.get $k i64.extend_i32_s"),
        (
            "i64.const 1",
            "local.get $k i64.extend_i32_u i64.const -1 i64.mul",
        ),
        (
            "i64.const 1",
            "local.get $k i64.extend_i32_u i64.const 63 i64.shl",
        ),
        ("i64.sub", "i64.add"),
        ("i64.sub", "i64.or"),
        ("i64.lt_s", "i64.gt_s"),
        ("i64.lt_s", "i64.lt_u"),
        ("i64.lt_s", "i64.eq"),
        ("i64.const 0", "i64.const -1000"),
        ("i64.const 0", "i64.const 1"),
        ("if unreachable", "if nop"),
        ("if unreachable", "if return"),
        ("if unreachable", "if br 0"),
        ("if unreachable", "if else unreachable"),
        ("local.get $t i64.const 0", "i64.const 5 i64.const 0"),
        ("local.get $t i64.const 0", "local.get $other i64.const 0"),
        ("global.set $fuel", "drop"),
        ("global.set $fuel", "global.set $other"),
    ] {
        let bad = good.replace(part, replacement);
        assert_ne!(good, bad);
        let text = function(&format!("(local $other i64) loop {bad} br 0 end"))
            .replace(
                "(memory 1)",
                "(memory 1) (global $other (mut i64) (i64.const 0))",
            )
            .replace(
                "(param $n i32) (local",
                "(param $n i32) (local $other i64) (local",
            )
            .replace("(local $other i64) loop", "loop");
        let error = verified(&text).expect_err(&bad);
        assert!(
            matches!(
                error,
                VerifyError::CounterTouched { .. } | VerifyError::UnpaidLoop { .. }
            ),
            "{bad}: {error}"
        );
    }
}

#[test]
fn recursion_without_a_check_is_found() {
    let one = check("i64.const 1");
    for (body, functions) in [
        ("(func $f call $f)".to_owned(), vec![1]),
        ("(func $f call $g) (func $g call $f)".to_owned(), vec![1, 2]),
        (
            "(func $f i32.const 0 call_indirect (type $none)) (elem (i32.const 0) func $f)"
                .to_owned(),
            vec![1],
        ),
        (
            "(func $f call $host) (export \"f\" (func $f))".to_owned(),
            vec![1],
        ),
        (
            format!("(func $f (local $t i64) nop {one} call $f)"),
            vec![1],
        ),
        (
            "(func $f i32.const 0 call_indirect (type $none)) (elem declare func $f)".to_owned(),
            vec![1],
        ),
    ] {
        match verified(&module(&body)) {
            Err(VerifyError::UncheckedRecursion {
                functions: mut found,
            }) => {
                found.sort_unstable();
                assert_eq!(found, functions, "{body}");
            }
            other => panic!("{body}: {other:?}"),
        }
    }
    let checked = format!("(func $f (local $t i64) {one} call $g) (func $g call $f)");
    verified(&module(&checked)).expect("one check is enough");
}

#[test]
fn functions_must_pay_before_they_call() {
    let work = "i32.const 1 i32.const 3 i32.mul drop ".repeat(262);
    let one = check("i64.const 1");
    let text = module(&format!("(func $f (local $t i64) {one} {work} call $f)"));
    let error = verified(&text).expect_err("it does 266 units of work for one");
    assert!(
        matches!(
            error,
            VerifyError::UnpaidFunction {
                function: 1,
                debt: 10
            }
        ),
        "{error}"
    );

    let tree: String = (2..40)
        .map(|i| format!("(func call {} call {})", i - 1, i - 1))
        .collect();
    let error = verified(&module(&format!("(func nop) {tree}"))).expect_err("2^38 calls");
    assert!(
        matches!(error, VerifyError::UnguardedFunction { .. }),
        "{error}"
    );
}

#[test]
fn bulk_instructions_must_be_charged() {
    for body in [
        "(memory.fill (i32.const 0) (i32.const 0) (local.get $n))",
        "(memory.copy (i32.const 0) (i32.const 0) (local.get $n))",
        "(table.fill (i32.const 0) (ref.null func) (i32.const 5))",
        "(drop (memory.grow (local.get $n)))",
        "(drop (table.grow (ref.null func) (local.get $n)))",
        "(unreachable) (memory.fill)",
    ] {
        let error = verified(&function(body)).expect_err(body);
        assert!(
            matches!(error, VerifyError::UnchargedBulk { .. }),
            "{body}: {error}"
        );
    }
    let by = |local: &str, bits: u32| {
        check(&format!(
            "local.get {local} i32.const {bits} i32.shr_u i64.extend_i32_u"
        ))
    };
    let fill = |charge: &str, between: &str, length: &str| {
        function(&format!(
            "i32.const 0 i32.const 0 {charge} {between} {length} memory.fill"
        ))
    };
    verified(&fill(&by("$n", 3), "", "local.get $n")).expect("charged");
    verified(&fill(&by("$n", 0), "", "local.get $n")).expect("charged more than needed");
    for text in [
        fill(&by("$n", 4), "", "local.get $n"),
        fill(&by("$i", 3), "", "local.get $n"),
        fill(&by("$n", 3), "i32.const -1 local.set $n", "local.get $n"),
        fill(&by("$n", 3), "", "local.get $n i32.const 1 i32.add"),
        fill(&by("$n", 3), "", "i32.const -1 local.tee $n"),
        fill(&check("i64.const 100"), "", "local.get $n"),
    ] {
        let error = verified(&text).expect_err(&text);
        assert!(
            matches!(error, VerifyError::UnchargedBulk { .. }),
            "{text}: {error}"
        );
    }
    let constant = "loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 80000)) br 0 end";
    let error = verified(&function(constant)).expect_err("a constant length is work as any other");
    assert!(
        matches!(error, VerifyError::UnpaidLoop { debt: 10_041, .. }),
        "{error}"
    );
}

/// A loop in strips, and everything that can be wrong with it.
#[test]
fn invalid_modules_are_not_verified() {
    assert!(matches!(
        belljar_meter::verify(b"\0asm", &support::plain()),
        Err(VerifyError::Module(_))
    ));
}
