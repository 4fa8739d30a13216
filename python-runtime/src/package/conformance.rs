//! The conformance suite of the surface, as guests in a component of ours: what the shim answers an
//! interpreter, through the same glue.

use super::glue::{Content, Imports, assemble};
use super::{FUEL, facts};
use belljar_engine::{EngineSettings, FileEntry};
use belljar_surface_conformance as conformance;
use belljar_surface_conformance::{Case, Ending, Observed};
use std::collections::BTreeMap;
use wasmtime::component::{Component, Linker, ResourceType, Val};
use wasmtime::{Engine, Store};

/// The product of `component/`, which `cargo xtask` builds and names.
fn shim() -> Option<Vec<u8>> {
    let Some(path) = std::env::var_os("BELLJAR_SHIM") else {
        eprintln!("skipped: BELLJAR_SHIM does not say where the shim is");
        return None;
    };
    Some(std::fs::read(path).unwrap())
}

/// The case as a component, with a guest in the interpreter's place.
fn component(shim: &[u8], pack: &[u8], case: &Case) -> Vec<u8> {
    let guest = case.guest(&format!(
        "(global (export \"{FUEL}\") (mut i64) (i64.const 0))
         (global (export \"belljar_page_limit\") (mut i32) (i32.const 0))
         (global (export \"belljar_refused\") (mut i32) (i32.const 0))
         (table (export \"belljar_hooks\") 1 funcref)"
    ));
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
    let limits = [
        timeout_ms,
        conformance::FUEL,
        memory_bytes,
        conformance::OUTPUT_BYTES as u64,
    ];
    let about = facts::Interpreter {
        edition: "full",
        python: "none",
        memory_bytes,
        // Words that nobody looks at, before the request.
        stack: format!("{} 0 0", conformance::REQUEST_ADDRESS - 8),
        entropy: &[],
        packages: BTreeMap::new(),
    };
    let limits = super::LimitFacts {
        default: limits,
        maximum: limits,
        result_bytes: 1 << 20,
    };
    let content = Content {
        shim,
        python: &wat::parse_str(guest).unwrap(),
        pack,
        facts: facts::facts(&about, &limits),
        index: facts::index(&files),
        imports: Imports::Preview1,
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
    let limits = ["timeout-ms", "fuel", "memory-bytes", "output-bytes"];
    record(vec![
        ("script", Val::String(String::new())),
        ("mode", Val::Enum("program".to_owned())),
        ("input", none()),
        (
            "stdin",
            Val::String(String::from_utf8(conformance::STDIN.to_vec()).unwrap()),
        ),
        ("args", Val::List(Vec::new())),
        ("env", Val::List(Vec::new())),
        ("limits", record(limits.map(|name| (name, none())).into())),
        (
            "seed",
            Val::Option(Some(Box::new(Val::U64(conformance::SEED)))),
        ),
        ("display", Val::Bool(false)),
        ("request-id", none()),
    ])
}

/// The field of a record.
fn field<'a>(record: &'a Val, name: &str) -> &'a Val {
    let Val::Record(fields) = record else {
        panic!("{record:?} has no {name}");
    };
    &fields.iter().find(|(found, _)| found == name).unwrap().1
}

fn execute(engine: &Engine, component: &[u8]) -> Val {
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

fn observed(outcome: &Val) -> Observed {
    use belljar_engine::{Cause, Stop, Stream};
    let Val::List(stdout) = field(outcome, "stdout") else {
        panic!("no output");
    };
    let byte = |byte: &Val| match byte {
        Val::U8(byte) => *byte,
        other => panic!("{other:?} is no byte"),
    };
    let Val::U64(fuel) = field(field(outcome, "usage"), "fuel") else {
        panic!("no fuel");
    };
    let ending = match field(outcome, "completion") {
        Val::Variant(case, Some(code)) if case == "exited" => match **code {
            Val::S32(code) => Ending::Stopped(Stop::Exit(code)),
            ref other => panic!("{other:?} is no status"),
        },
        Val::Variant(_, Some(fault)) => {
            let (kind, message) = (field(fault, "kind"), field(fault, "message"));
            match (kind, message) {
                (Val::Enum(kind), _) if kind == "timeout" => {
                    Ending::Stopped(Stop::Interrupted(Cause::Timeout))
                }
                (Val::Enum(kind), _) if kind == "fuel-exhausted" => {
                    Ending::Stopped(Stop::OutOfFuel)
                }
                (Val::Enum(kind), _) if kind == "output-exceeded" => {
                    let stdout = Val::Flags(vec!["stdout".to_owned()]);
                    let stream = match *field(outcome, "truncated") == stdout {
                        true => Stream::Stdout,
                        false => Stream::Stderr,
                    };
                    Ending::Stopped(Stop::OutputExceeded(stream))
                }
                // A guest of ours has no answer to give.
                (_, Val::String(message)) if message.contains("gave no answer") => Ending::Returned,
                _ => panic!("{fault:?}"),
            }
        }
        other => panic!("{other:?}"),
    };
    Observed {
        stdout: stdout.iter().map(byte).collect(),
        fuel: *fuel,
        ending,
    }
}

#[test]
fn an_interpreter_is_answered_as_the_surface_answers() {
    let Some(shim) = shim() else { return };
    let engine = EngineSettings::preparation().engine().unwrap();
    let pack = conformance::pack();
    let mut differences = Vec::new();
    for case in conformance::all() {
        let outcome = execute(&engine, &component(&shim, &pack, &case));
        differences.extend(case.differences(&observed(&outcome)));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
