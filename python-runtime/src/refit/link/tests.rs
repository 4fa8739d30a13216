//! Small interpreters with native code linked into them, as they run.

use super::super::module::Layout;
use super::super::write;
use super::*;
use wasmtime::{Engine, Instance, Module, Store};

/// An interpreter: `twice` is called directly and through the table.
const INTERPRETER: &str = r#"(module
    (type $of_one (func (param i32) (result i32)))
    (memory (export "memory") 256)
    (data (i32.const 64) "its own")
    (table 47157 47157 funcref)
    (global (mut i32) (i32.const 16777216))
    (elem (i32.const 1) func $twice)
    (func $helper (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "direct") (param i32) (result i32) (call $twice (local.get 0)))
    (func (export "by_table") (param i32) (result i32)
        (call_indirect (type $of_one) (local.get 0) (i32.const 1)))
    (func $namesake (param f64)) (func $other (param i32) (result i32) (i32.const -1)))"#;

/// Native code with all that is linked: what it replaces, and what that was; a function of the
/// interpreter's; one of its own in the table; constants in memory and in a global; the stack pointer.
const NATIVE: &str = r#"(module
    (type $of_one (func (param i32) (result i32)))
    (import "interpreter" "helper" (func $helper (param i32) (result i32)))
    (import "original" "twice" (func $original (param i32) (result i32)))
    (import "env" "memory" (memory 113))
    (import "env" "__indirect_function_table" (table 47158 funcref))
    (global $stack (mut i32) (i32.const 7405568))
    (global $thousand i32 (i32.const 1000))
    (export "replace twice" (func $instead))
    (export "stack" (func $stack_pointer))
    (elem (i32.const 47157) func $own)
    (data (i32.const 7340032) "\2a")
    (func $own (param i32) (result i32) (call $helper (call $original (local.get 0))))
    (func $instead (param i32) (result i32)
        (i32.add (global.get $thousand)
            (i32.add (i32.load8_u (i32.const 7340032))
                (call_indirect (type $of_one) (local.get 0) (i32.const 47157)))))
    (func $stack_pointer (result i64) (i64.extend_i32_u (global.get $stack))))"#;

fn linked(interpreter: &str, native: &str) -> Result<Vec<u8>> {
    let [interpreter, native] = [interpreter, native].map(|text| wat::parse_str(text).unwrap());
    let layout = Layout::of(&interpreter).unwrap();
    let linked = link(&interpreter, &layout, &BTreeMap::new(), &native)?;
    Ok(write::module(&interpreter, &layout, &BTreeMap::new(), &linked).unwrap())
}

#[test]
fn native_code_replaces_functions_for_all_who_call_them() {
    let wasm = linked(INTERPRETER, NATIVE).unwrap();
    let engine = Engine::default();
    let module = Module::new(&engine, wasm).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    for name in ["direct", "by_table"] {
        let function = instance
            .get_typed_func::<i32, i32>(&mut store, name)
            .unwrap();
        assert_eq!(
            function.call(&mut store, 5).unwrap(),
            1000 + 42 + 2 * 5 + 1,
            "{name}"
        );
    }
    let stack = instance
        .get_typed_func::<(), i64>(&mut store, "stack")
        .unwrap();
    assert_eq!(
        stack.call(&mut store, ()).unwrap(),
        16 << 20,
        "the interpreter's"
    );
}

#[test]
fn what_does_not_fit_is_refused_and_named() {
    let refusal =
        |interpreter: &str, native: &str| linked(interpreter, native).unwrap_err().to_string();
    let with = |from: &str, to: &str| {
        assert!(NATIVE.contains(from), "{from}");
        refusal(INTERPRETER, &NATIVE.replace(from, to))
    };
    let error = with("replace twice", "replace thrice");
    assert!(error.contains("no function `thrice`"), "{error}");
    let error = with("replace twice", "replace namesake");
    assert!(error.contains("`namesake` has the type"), "{error}");
    let error = with(r#""original" "twice""#, r#""original" "other""#);
    assert!(error.contains("`other` is not replaced"), "{error}");
    let error = with("(elem (i32.const 47157)", "(elem (i32.const 47156)");
    assert!(error.contains("its elements are at"), "{error}");
    let error = with("(data (i32.const 7340032)", "(data (i32.const 8388608)");
    assert!(error.contains("its data are at"), "{error}");
    let error = with("$thousand i32", "$thousand (mut i32)");
    assert!(error.contains("globals"), "{error}");

    let larger = INTERPRETER.replace("47157 47157", "47158 47158");
    let error = refusal(&larger, NATIVE);
    assert!(error.contains("the table has 47158"), "{error}");
    let empty = INTERPRETER.replace("(data (i32.const 64) \"its own\")", "");
    let error = refusal(&empty, NATIVE);
    assert!(error.contains("no data"), "{error}");
    let in_the_way = INTERPRETER.replace("(global", "(data (i32.const 8000000) \"x\") (global");
    let error = refusal(&in_the_way, NATIVE);
    assert!(error.contains("something else"), "{error}");
}
