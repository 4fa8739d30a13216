//! A guest in a component of ours, in the interpreter's place, and an execution of it.

use crate::package::facts;
use crate::package::glue::{Content, Imports, assemble};
use crate::package::interpreter::FUEL;
use crate::package::metered::{HOOKS, PAGE_LIMIT, REFUSED};
use belljar_contract::{Limit, LimitPolicy, LimitValues};
use belljar_engine::FileEntry;
use belljar_surface_conformance as conformance;
use std::collections::BTreeMap;
use wasmtime::component::{Component, Linker, ResourceType, Val};
use wasmtime::{Engine, Store};

/// The product of `component/`, which `cargo xtask` builds and names.
pub(super) fn shim() -> Option<Vec<u8>> {
    let Some(path) = std::env::var_os("BELLJAR_SHIM") else {
        eprintln!("skipped: BELLJAR_SHIM does not say where the shim is");
        return None;
    };
    Some(std::fs::read(path).unwrap())
}

/// The fields of a guest's module that the component wants besides its functions.
pub(super) fn exports() -> String {
    format!(
        "(global (export \"{FUEL}\") (mut i64) (i64.const 0))
         (global (export \"{PAGE_LIMIT}\") (mut i32) (i32.const 0))
         (global (export \"{REFUSED}\") (mut i32) (i32.const 0))
         (table (export \"{HOOKS}\") 1 funcref)"
    )
}

/// The component of a guest.
pub(super) fn component(shim: &[u8], pack: &[u8], guest: &str, imports: Imports) -> Vec<u8> {
    let files: Vec<_> = conformance::files()
        .into_iter()
        .map(|(path, range)| FileEntry {
            path,
            offset: range.start,
            length: range.end - range.start,
        })
        .collect();
    let timeout_ms = u64::try_from(conformance::DEADLINE.as_millis()).unwrap();
    let memory_bytes = u64::from(conformance::MEMORY_PAGES) << 16;
    let limits = LimitValues {
        timeout_ms,
        fuel: conformance::FUEL,
        memory_bytes,
        output_bytes: conformance::OUTPUT_BYTES as u64,
    };
    let about = facts::Interpreter {
        edition: "full",
        python: "none",
        memory_bytes,
        // Words that nobody looks at, before the request.
        stack: format!("{} 0 0", conformance::REQUEST_ADDRESS - 8),
        entropy: &[],
        packages: BTreeMap::new(),
    };
    let limits = LimitPolicy {
        default: limits,
        maximum: limits,
    };
    let content = Content {
        shim,
        python: &wat::parse_str(guest).unwrap(),
        pack,
        facts: facts::facts(&about, &limits),
        index: facts::index(&files),
        imports,
        without_exceptions: false,
    };
    assemble(&content).unwrap()
}

struct Pollable;

/// Clocks and random bytes, which a run with a seed hardly looks at.
fn linker(engine: &Engine) -> Linker<()> {
    let mut linker = Linker::new(engine);
    let pollable = ResourceType::host::<Pollable>();
    let mut poll = linker.instance("wasi:io/poll@0.2.0").unwrap();
    poll.resource("pollable", pollable, |_, _| Ok(())).unwrap();
    let never = |name: &'static str| {
        move |_: wasmtime::StoreContextMut<'_, ()>,
              _: wasmtime::component::types::ComponentFunc,
              _: &[Val],
              _: &mut [Val]| { Err(wasmtime::format_err!("{name} is called")) }
    };
    poll.func_new("[method]pollable.block", never("block"))
        .unwrap();
    let mut monotonic = linker
        .instance("wasi:clocks/monotonic-clock@0.2.0")
        .unwrap();
    monotonic
        .resource("pollable", pollable, |_, _| Ok(()))
        .unwrap();
    monotonic.func_wrap("now", |_, ()| Ok((0_u64,))).unwrap();
    monotonic
        .func_new("subscribe-duration", never("subscribe-duration"))
        .unwrap();
    let mut wall = linker.instance("wasi:clocks/wall-clock@0.2.0").unwrap();
    wall.func_new("now", never("now")).unwrap();
    let mut random = linker.instance("wasi:random/random@0.2.0").unwrap();
    random
        .func_new("get-random-bytes", never("get-random-bytes"))
        .unwrap();
    linker
}

/// A program that asks for nothing but a seed.
fn program() -> Val {
    let none = || Val::Option(None);
    let record = |fields: Vec<(&str, Val)>| {
        let named = |(name, value): (&str, Val)| (name.to_owned(), value);
        Val::Record(fields.into_iter().map(named).collect())
    };
    let limits = Limit::NAMES.map(|name| name.replace('_', "-"));
    record(vec![
        ("script", Val::String("pass".to_owned())),
        ("mode", Val::Enum("program".to_owned())),
        ("input", none()),
        (
            "stdin",
            Val::String(String::from_utf8(conformance::STDIN.to_vec()).unwrap()),
        ),
        ("args", Val::List(Vec::new())),
        ("env", Val::List(Vec::new())),
        (
            "limits",
            record(limits.iter().map(|name| (&**name, none())).collect()),
        ),
        (
            "seed",
            Val::Option(Some(Box::new(Val::U64(conformance::SEED)))),
        ),
        ("display", Val::Bool(false)),
        ("request-id", none()),
    ])
}

/// The field of a record.
pub(super) fn field<'a>(record: &'a Val, name: &str) -> &'a Val {
    let Val::Record(fields) = record else {
        panic!("{record:?} has no {name}");
    };
    &fields.iter().find(|(found, _)| found == name).unwrap().1
}

/// The outcome of the component's one execution.
pub(super) fn execute(engine: &Engine, component: &[u8]) -> Val {
    let component = Component::new(engine, component).unwrap();
    let mut store = Store::new(engine, ());
    let instance = linker(engine).instantiate(&mut store, &component).unwrap();
    let interface = "belljar:sandbox/executor@0.1.0";
    let interface = instance
        .get_export_index(&mut store, None, interface)
        .unwrap();
    let execute = instance.get_export_index(&mut store, Some(&interface), "execute");
    let execute = instance.get_func(&mut store, execute.unwrap()).unwrap();
    let mut results = [Val::Bool(false)];
    execute
        .call(&mut store, &[program()], &mut results)
        .unwrap();
    let [Val::Result(Ok(Some(outcome)))] = results else {
        panic!("rejected: {results:?}");
    };
    *outcome
}

/// The bytes of an outcome's standard output.
pub(super) fn stdout(outcome: &Val) -> Vec<u8> {
    let Val::List(stdout) = field(outcome, "stdout") else {
        panic!("no output");
    };
    let byte = |byte: &Val| match byte {
        Val::U8(byte) => *byte,
        other => panic!("{other:?} is no byte"),
    };
    stdout.iter().map(byte).collect()
}

/// The fuel that it used.
pub(super) fn fuel(outcome: &Val) -> u64 {
    match field(field(outcome, "usage"), "fuel") {
        Val::U64(fuel) => *fuel,
        other => panic!("{other:?} is no fuel"),
    }
}
