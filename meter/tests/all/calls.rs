//! Recursion of every kind is charged, and endless recursion is stopped by the meter.
//!
//! (Endless recursion also overflows the stack, so these tests use budgets that are used up before
//! that.)

use wasmtime::{Caller, Func, Linker, Module, Store, Trap, Val};

use crate::support::{
    AMPLE, End, Run, all_options, check, engine, interruptible, metered, plain, throwing,
};

/// Checks that a function that recurses for ever is stopped by the meter.
fn check_stopped(text: &str) {
    for options in all_options() {
        let (module, ..) = metered(text, &options);
        for budget in [0, 100, 2_000] {
            let mut run = Run::new(&module).expect("an instance");
            let (end, _) = run.spend(budget, "f", &[]);
            assert!(
                matches!(
                    end,
                    End::Trapped(Trap::UnreachableCodeReached | Trap::IndirectCallToNull)
                        | End::Thrown
                ),
                "{end:?} with {budget} units, {options:?}"
            );
            assert!(run.fuel() < 0);
        }
    }
}

#[test]
fn direct_recursion() {
    check(
        "(module (func $fib (export \"f\") (param $n i32) (result i32)
           (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
             (then (local.get $n))
             (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                            (call $fib (i32.sub (local.get $n) (i32.const 2))))))))",
        "f",
        &[Val::I32(15)],
    );
    check_stopped("(module (func $f (export \"f\") (call $f)))");
    check_stopped("(module (func $f (export \"f\") (call $f) (call $f)))");
}

#[test]
fn mutual_recursion() {
    check(
        "(module
           (func $even (export \"f\") (param i32) (result i32)
             (if (result i32) (local.get 0)
               (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
           (func $odd (param i32) (result i32)
             (if (result i32) (local.get 0)
               (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))))",
        "f",
        &[Val::I32(99)],
    );
    check_stopped(
        "(module (func $a (export \"f\") (call $b)) (func $b (call $c)) (func $c (call $a) (call $b)))",
    );
}

#[test]
fn one_function_of_a_circle_is_enough() {
    let (_, summary, _) = metered(
        "(module (func $a (export \"f\") (call $b)) (func $b (call $c)) (func $c (call $a)))",
        &plain(),
    );
    assert_eq!(summary.placed.guards, 1);
}

#[test]
fn recursion_through_a_table() {
    check_stopped(
        "(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) func $f)
           (func $f (export \"f\") (call_indirect (type $t) (i32.const 0))))",
    );
    check_stopped(
        "(module (type $t (func)) (table 2 funcref) (elem (i32.const 0) func $f $g)
           (func $f (export \"f\") (call $h))
           (func $g (call $f))
           (func $h (call_indirect (type $t) (i32.const 1))))",
    );
}

#[test]
fn recursion_through_a_table_that_is_filled_at_run_time() {
    check_stopped(
        "(module (type $t (func)) (table $table 1 funcref) (elem declare func $f)
           (func $f (export \"f\")
             (table.set $table (i32.const 0) (ref.func $f))
             (call_indirect (type $t) (i32.const 0))))",
    );
}

/// The two types are different entries of the type section, but the same signature.
#[test]
fn recursion_through_a_table_by_another_type_of_the_same_signature() {
    check_stopped(
        "(module (type $one (func)) (type $other (func (param i32))) (type $two (func))
           (table 1 funcref) (elem (i32.const 0) func $f)
           (func $f (export \"f\") (type $one) (call_indirect (type $two) (i32.const 0))))",
    );
}

#[test]
fn functions_in_global_initialisers_and_passive_segments_count() {
    check_stopped(
        "(module (type $t (func)) (table $table 1 funcref)
           (global $g funcref (ref.func $f))
           (func $f (export \"f\")
             (table.set $table (i32.const 0) (global.get $g))
             (call_indirect (type $t) (i32.const 0))))",
    );
    check_stopped(
        "(module (type $t (func)) (table $table 1 funcref) (elem $passive func $f)
           (func $f (export \"f\")
             (table.init $table $passive (i32.const 0) (i32.const 0) (i32.const 1))
             (call $again))
           (func $again (call_indirect (type $t) (i32.const 0))))",
    );
}

/// Small functions that are called directly are charged by their callers.
#[test]
fn small_functions_have_no_check() {
    let text = "(module
                  (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
                  (func $middle (param i32) (result i32) (call $leaf (call $leaf (local.get 0))))
                  (func (export \"f\") (param i32) (result i32)
                    (loop $again
                      (local.set 0 (call $middle (local.get 0)))
                      (br_if $again (i32.lt_u (local.get 0) (i32.const 1000000))))
                    (local.get 0)))";
    let (_, summary, _) = metered(text, &plain());
    assert_eq!((summary.placed.guards, summary.placed.back_edges), (0, 1));
    check(text, "f", &[Val::I32(1)]);
}

/// Each function calls the next twice: the last of 60 would run 2^60 times for a single charge if
/// callers were not charged for what their callees cost.
#[test]
fn a_tree_of_calls_is_charged_for_its_leaves() {
    let mut text = String::from("(module (func $f0 (nop)) ");
    for level in 1..=60 {
        let below = level - 1;
        text.push_str(&format!(
            "(func $f{level} (call $f{below}) (call $f{below}))"
        ));
    }
    text.push_str("(export \"f\" (func $f60)))");
    check_stopped(&text);
}

/// A host function calls back into the module: endless recursion with the host in between.
#[test]
fn recursion_through_the_host() {
    let text = "(module (import \"host\" \"again\" (func $again))
                  (func (export \"f\") (call $again)))";
    let (_, summary, _) = metered(text, &plain());
    assert_eq!(summary.placed.guards, 1);

    let (module, ..) = metered(text, &interruptible());
    let module = Module::new(engine(), &module).expect("a module");
    let mut store = Store::new(engine(), ());
    store.set_epoch_deadline(20);
    let again = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, ()>| -> wasmtime::Result<()> {
            let f = caller
                .get_export("f")
                .and_then(wasmtime::Extern::into_func)
                .expect("the export");
            f.call(&mut caller, &[], &mut [])
        },
    );
    let mut linker = Linker::new(engine());
    linker
        .define(&store, "host", "again", again)
        .expect("a definition");
    let instance = linker
        .instantiate(&mut store, &module)
        .expect("an instance");
    let mut run = Run { store, instance };
    let (end, _) = run.spend(2_000, "f", &[]);
    assert_eq!(end, End::Trapped(Trap::UnreachableCodeReached));
}

/// The host can call any function whose reference can leave the module.
#[test]
fn recursion_through_a_shared_table() {
    let own = "(module (import \"host\" \"again\" (func $again)) (table (export \"t\") 1 funcref)
                 (elem (i32.const 0) func $f) (func $f (call $again)))";
    assert_eq!(metered(own, &plain()).1.placed.guards, 1);
    let private = own.replace("(export \"t\")", "");
    assert_eq!(metered(&private, &plain()).1.placed.guards, 0);
    // A call through such a table can reach the host, and from there an exported function.
    let shared = "(module (type $t (func)) (table (export \"t\") 1 funcref)
                    (func (export \"f\") (call_indirect (type $t) (i32.const 0))))";
    assert_eq!(metered(shared, &plain()).1.placed.guards, 1);
}

#[test]
fn a_start_function_needs_initial_fuel() {
    let text =
        "(module (global $g (export \"g\") (mut i32) (i32.const 0)) (func $start (local $i i32)
                  (loop $again
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $again (i32.lt_u (local.get $i) (i32.const 100))))
                  (global.set $g (local.get $i)))
                  (start $start))";
    for options in [plain(), interruptible(), throwing(interruptible())] {
        let (without, ..) = metered(text, &options);
        assert!(Run::new(&without).is_err());
        let enough = belljar_meter::Options {
            initial_fuel: 10_000,
            ..options
        };
        let (with, ..) = metered(text, &enough);
        let mut run = Run::new(&with).expect("an instance");
        let left = run.fuel();
        assert!((1..10_000).contains(&left), "{left}");
    }
}

#[test]
fn fuel_is_the_same_whatever_the_budget() {
    let text = "(module (func $f (export \"f\") (param i32) (result i32)
                  (if (result i32) (local.get 0)
                    (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
                    (else (i32.const 0)))))";
    let (module, ..) = metered(text, &interruptible());
    let mut run = Run::new(&module).expect("an instance");
    let spent: Vec<i64> = [5_000, 10_000, AMPLE]
        .map(|budget| run.spend(budget, "f", &[Val::I32(100)]).1)
        .to_vec();
    assert!(spent.windows(2).all(|pair| pair[0] == pair[1]), "{spent:?}");
}
