//! Attempts to get much work for little fuel.
//!
//! Each module does an amount of work that its parameter or its size decides, in a way that is meant
//! to be overlooked. The engine counts the instructions of the original; the metered module has to
//! charge for them within the promised factor.

use belljar_meter::{CostModel, Options, meter, verify};
use wasmtime::{Config, Engine, Instance, Module, Store, Val};

use crate::support::{AMPLE, Run, metered, plain, wasm};

/// The number of instructions that a call executes, as the engine counts them. Unlike us it counts
/// locals and constants too.
fn executed(text: &str, argument: i32) -> u64 {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .wasm_exceptions(true)
        .wasm_multi_memory(true);
    let engine = Engine::new(&config).expect("an engine");
    let module = Module::new(&engine, wasm(text)).expect("a module");
    let mut store = Store::new(&engine, ());
    store.set_fuel(u64::MAX).expect("fuel is on");
    let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
    let f = instance.get_func(&mut store, "f").expect("f");
    drop(f.call(&mut store, &[Val::I32(argument)], &mut []));
    u64::MAX - store.get_fuel().expect("fuel is on")
}

/// Checks that what a call executes is charged for, within the factor, and some for what is not
/// charged at the start and the end.
fn check_charged(text: &str, argument: i32) {
    let (module, _, proof) = metered(text, &plain());
    let mut run = Run::new(&module).expect("an instance");
    let (end, spent) = run.spend(AMPLE, "f", &[Val::I32(argument)]);
    let executed = executed(text, argument);
    // At most six instructions in a row are free in what is tried here.
    let paid = 6 * (CostModel::default().damping * spent.unsigned_abs() + proof.largest_debt);
    assert!(
        executed <= paid + 6000,
        "{executed} instructions for {spent} units, {end:?}"
    );
    assert!(executed > 50_000, "it is worth trying: {executed}");
}

#[test]
fn work_in_a_branch_that_ends_in_a_trap() {
    let work = "(local.set 0 (i32.mul (local.get 0) (i32.const 3)))".repeat(30_000);
    check_charged(
        &format!("(module (func (export \"f\") (param i32) {work} unreachable))"),
        0,
    );
}

/// The work is done on the way to a call that never comes back, so no path through the function
/// has it in it.
#[test]
fn work_before_a_call_that_never_returns() {
    let work = "(local.set 0 (i32.xor (local.get 0) (i32.const 3)))".repeat(900);
    check_charged(
        &format!(
            "(module (global $depth (mut i32) (i32.const 0))
               (func $f (export \"f\") (param i32)
                 (if (i32.gt_u (global.get $depth) (i32.const 100)) (then (return)))
                 (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
                 (if (local.get 0) (then {work} (call $f (i32.const 1)) (unreachable)))))"
        ),
        1,
    );
}

#[test]
fn work_before_an_exception_that_another_function_catches() {
    let work = "(local.set 0 (i32.xor (local.get 0) (i32.const 3)))".repeat(900);
    check_charged(
        &format!(
            "(module (tag $e)
               (func $thrower (param i32) (if (local.get 0) (then {work} (throw $e))))
               (func (export \"f\") (param $n i32)
                 (loop $again
                   (block $h (try_table (catch_all $h) (call $thrower (i32.const 1))))
                   (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                   (br_if $again (local.get $n)))))"
        ),
        200,
    );
}

/// Functions that are called through a table are assumed to be as expensive as the most expensive
/// of their signature.
#[test]
fn work_behind_a_table() {
    let work = "(local.set 0 (i32.xor (local.get 0) (i32.const 3)))".repeat(180);
    let calls = "(call_indirect (type $t) (local.get $n) (i32.const 1))".repeat(20);
    check_charged(
        &format!(
            "(module (type $t (func (param i32))) (table 2 funcref) (elem (i32.const 0) func $cheap $dear)
               (func $cheap (type $t)) (func $dear (type $t) {work})
               (func (export \"f\") (param $n i32)
                 (loop $again
                   {calls}
                   (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                   (br_if $again (local.get $n)))))"
        ),
        100,
    );
}

/// A loop whose ways around are all short, with a long way that is entered over and over from the
/// outside.
#[test]
fn work_on_the_way_out_of_a_loop() {
    let work = "(local.set $i (i32.xor (local.get $i) (i32.const 3)))".repeat(950);
    check_charged(
        &format!(
            "(module (func (export \"f\") (param $n i32) (local $i i32)
               (loop $outer
                 (block $out
                   (loop $inner
                     (if (local.get $n) (then {work} (br $out)))
                     (br_if $inner (local.get $i))))
                 (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                 (br_if $outer (local.get $n)))))"
        ),
        300,
    );
}

#[test]
fn ten_levels_of_loops() {
    let mut body = String::from("(local.set $x (i32.add (local.get $x) (i32.const 1)))");
    for level in 0..10 {
        body = format!(
            "(local.set $i{level} (i32.const 3))
             (loop $l{level} {body}
               (local.set $i{level} (i32.sub (local.get $i{level}) (i32.const 1)))
               (br_if $l{level} (local.get $i{level})))"
        );
    }
    let locals: String = (0..10)
        .map(|level| format!("(local $i{level} i32)"))
        .collect();
    check_charged(
        &format!("(module (func (export \"f\") (param i32) (local $x i32) {locals} {body}))"),
        0,
    );
}

/// A tree of calls, of functions that each cost little, and of a depth that the stack allows.
#[test]
fn a_wide_tree_of_small_functions() {
    let mut text =
        String::from("(module (func $f0 (param i32) (drop (i32.mul (local.get 0) (i32.const 3))))");
    for level in 1..=16 {
        let calls = format!("(call $f{} (local.get 0))", level - 1).repeat(2);
        text.push_str(&format!("(func $f{level} (param i32) {calls})"));
    }
    text.push_str("(export \"f\" (func $f16)))");
    check_charged(&text, 0);
}

/// A function of three thousand nested blocks and as many branches out of them.
#[test]
fn deep_nesting_is_no_trouble() {
    let depth = 3_000;
    let opens = "(block (br_if 0 (local.get 0))".repeat(depth);
    let closes = ")".repeat(depth);
    let text = format!(
        "(module (func (export \"f\") (param i32) (loop $again {opens} {closes}
           (local.set 0 (i32.const 1)) (br $again))))"
    );
    let (module, ..) = metered(&text, &plain());
    let mut run = Run::new(&module).expect("an instance");
    run.spend(1_000_000, "f", &[Val::I32(0)]);
    assert!(run.fuel() < 0);
}

/// A `br_table` with many targets, in a function with many loops: every target is looked at, but
/// only once.
#[test]
fn large_tables_of_branches_are_no_trouble() {
    let loops = 100;
    let opens = "(loop ".repeat(loops);
    let targets: String = (0..loops * 100)
        .map(|i| format!("{} ", i % loops))
        .collect();
    let text = format!(
        "(module (func (export \"f\") (param i32) {opens} (br_table {targets} (local.get 0)) {}))",
        ")".repeat(loops)
    );
    let (module, _, proof) = metered(&text, &plain());
    assert_eq!(proof.loops, loops as u64);
    let mut run = Run::new(&module).expect("an instance");
    run.spend(100_000, "f", &[Val::I32(0)]);
    assert!(run.fuel() < 0);
}

/// Also with a cost model that leaves much to the callers, nothing is free.
#[test]
fn other_cost_models_are_sound_too() {
    let text = {
        let mut text = String::from("(module (func $f0)");
        for level in 1..=40 {
            let below = level - 1;
            text.push_str(&format!(
                "(func $f{level} (call $f{below}) (call $f{below}))"
            ));
        }
        text.push_str("(func (export \"f\") (loop $l (call $f40) (br $l))))");
        text
    };
    for (damping, max_region, max_unguarded) in [
        (1, 256, 0),
        (1, 1 << 30, 1 << 30),
        (16, 256, 10),
        (1024, 5000, 1 << 20),
    ] {
        let mut options: Options = plain();
        options.costs.damping = damping;
        options.costs.max_region = max_region;
        options.costs.max_unguarded = max_unguarded;
        options.costs.max_unguarded_indirect = max_unguarded;
        let metered = meter(&wasm(&text), &options).expect("it can be metered");
        verify(&metered.wasm, &options).expect("it can be verified");
        let mut run = Run::new(&metered.wasm).expect("an instance");
        run.spend(1_000_000, "f", &[]);
        assert!(run.fuel() < 0);
    }
}
