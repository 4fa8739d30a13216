//! Modules that imitate metered ones, written by hand, each with one thing wrong.

use belljar_meter::VerifyError;

use crate::support::{self, verified};

/// A check of some amount, with the counter in `$fuel` and `$t` of type `i64`.
fn check(amount: &str) -> String {
    format!(
        "(local.set $t0 (i32.const 0))
         global.get $fuel {amount} i64.sub local.tee $t global.set $fuel
         local.get $t i64.const 0 i64.lt_s if unreachable end"
    )
    .replace("(local.set $t0 (i32.const 0))\n", "")
}

fn module(body: &str) -> String {
    format!(
        "(module (type $none (func)) (memory 1) (table 1 funcref)
           (import \"host\" \"f\" (func $host))
           (global $fuel (export \"fuel\") (mut i64) (i64.const 0)) {body})"
    )
    .replace(
        "(memory 1) (table 1 funcref)\n           (import \"host\" \"f\" (func $host))",
        "(import \"host\" \"f\" (func $host)) (memory 1) (table 1 funcref)",
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
    let work = "local.get $i i32.const 3 i32.mul local.set $i ".repeat(1600);
    let body = |amount: u32| {
        function(&format!(
            "loop {} {work} br 0 end",
            check(&format!("i64.const {amount}"))
        ))
    };
    verified(&body(51)).expect("1600 multiplications, a branch, and 32 for each unit");
    let error = verified(&body(50)).expect_err("not enough");
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
    let work = "i32.const 1 i32.const 3 i32.mul drop ".repeat(40);
    let one = check("i64.const 1");
    let text = module(&format!("(func $f (local $t i64) {one} {work} call $f)"));
    let error = verified(&text).expect_err("it does 42 units of work for one");
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
        matches!(error, VerifyError::UnpaidLoop { debt: 10_011, .. }),
        "{error}"
    );
}

/// A loop in strips, and everything that can be wrong with it.
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
            &"local.get $k i32.eqz local.set $k ".repeat(80),
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

#[test]
fn invalid_modules_are_not_verified() {
    assert!(matches!(
        belljar_meter::verify(b"\0asm", &support::plain()),
        Err(VerifyError::Module(_))
    ));
}
