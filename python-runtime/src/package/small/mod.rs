//! The small edition: CPython with its standard library alone.
//!
//! 1. [`componentize`]: `componentize-py`, pinned, makes a component of CPython and our harness, in
//!    the state that every sandbox starts from;
//! 2. [`parts`], [`library`], [`layout`], [`merge`]: its core modules become one;
//! 3. from there on it goes the way of the full edition: meter, limits, shim, checks.

mod componentize;
mod layout;
mod library;
mod merge;
mod parts;

use super::{PackageOptions, Proportions, facts, finish, glue, metered, stack};
use crate::{Cache, Error, Progress, Result, pipeline, snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use wasmparser::{Parser, Payload};

/// Makes the component.
pub(super) fn package(
    cache: &Cache,
    options: &PackageOptions<'_>,
    shim: &[u8],
    out: &Path,
    progress: &dyn Progress,
) -> Result<Proportions> {
    let built = componentize::build(cache, progress)?;
    let wasm = pipeline::timed(progress, "Linking", || {
        snapshot::strip(&link(&built.component, &exports(shim)?)?)
    })?;
    let memory_bytes = memory_bytes(&wasm)?;
    let stack = stack::fact(&wasm, &stack::SMALL)?;
    let wasm = pipeline::timed(progress, "Metering", || {
        metered::meter(&wasm, &options.limits)
    })?;
    let about = facts::Interpreter {
        edition: "small",
        python: componentize::PYTHON_VERSION,
        memory_bytes,
        stack,
        // The harness seeds.
        entropy: &[],
        packages: BTreeMap::new(),
    };
    let content = glue::Content {
        shim,
        python: &wasm,
        pack: &[],
        facts: facts::facts(&about, &options.limits),
        index: String::new(),
        imports: glue::Imports::Linked,
        without_exceptions: options.without_exceptions,
    };
    let proportions = finish(&content, options, out, progress)?;
    let licenses = out.with_file_name("LICENSES");
    fs::create_dir_all(&licenses).map_err(Error::io("could not create", &licenses))?;
    let license = licenses.join("componentize-py.txt");
    fs::copy(&built.license, &license).map_err(Error::io("could not create", &license))?;
    Ok(proportions)
}

/// One module of the core modules of a component.
fn link(component: &[u8], provided: &BTreeSet<String>) -> Result<Vec<u8>> {
    let parts = parts::parts(component)?;
    let libraries = parts
        .iter()
        .map(library::Library::read)
        .collect::<Result<Vec<_>>>()?;
    let layout = layout::Layout::new(&libraries, &parts, provided)?;
    merge::merge(&libraries, &layout)
}

/// The names of what the shim exports.
fn exports(shim: &[u8]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(shim) {
        if let Payload::ExportSection(section) = payload.map_err(library::unreadable)? {
            for export in section {
                names.insert(export.map_err(library::unreadable)?.name.to_owned());
            }
        }
    }
    Ok(names)
}

/// The memory that a module starts with.
fn memory_bytes(wasm: &[u8]) -> Result<u64> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::MemorySection(section) = payload.map_err(library::unreadable)?
            && let Some(memory) = section.into_iter().next()
        {
            return Ok(memory.map_err(library::unreadable)?.initial << 16);
        }
    }
    Err(library::broken("there is no memory"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime::{Engine, Instance, Linker, Module, Store};

    /// Two libraries on one memory and one table, as an encoder of components ties them together.
    const COMPONENT: &str = r#"(component
        (import "outside:host/things" (instance $things
            (export "known" (func (param "x" u32) (result u32)))
            (export "unknown" (func (param "x" u32) (result u32)))))
        (core module $main
            (table (export "table") 4 funcref)
            (memory (export "memory") 1)
            (global (export "base") i32 (i32.const 2))
            (global (export "GOT") (mut i32) (i32.const 40))
            (global (export "stack") (mut i32) (i32.const 100))
            (data (i32.const 40) "\07"))
        (core module $inner
            (import "env" "table" (table 1 funcref))
            (import "env" "base" (global $base i32))
            (import "env" "stack" (global $stack (mut i32)))
            (func $push (export "push") (param i32) (result i32)
                (global.set $stack (i32.sub (global.get $stack) (local.get 0)))
                (global.get $stack))
            (elem (global.get $base) func $push))
        (core module $wit-component-shim-module
            (func (export "0") (param i32) (result i32) unreachable))
        (core module $outer
            (type $f (func (param i32) (result i32)))
            (import "env" "memory" (memory 1))
            (import "env" "table" (table 1 funcref))
            (import "GOT.mem" "variable" (global $variable (mut i32)))
            (import "env" "push" (func $push (param i32) (result i32)))
            (import "outside:host/things" "known" (func $known (param i32) (result i32)))
            (import "outside:host/things" "unknown" (func $unknown (param i32) (result i32)))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local.get 3))
            (func (export "turn") (param i32 i32) (result i32)
                (if (local.get 1) (then (return (call $unknown (local.get 0)))))
                (drop (call $push (i32.const 8)))
                (i32.add
                    (call_indirect (type $f) (local.get 0) (i32.const 2))
                    (call $known (i32.load8_u (global.get $variable))))))
        (core instance $main (instantiate $main))
        (core instance $shim (instantiate $wit-component-shim-module))
        (core instance $inner (instantiate $inner (with "env" (instance
            (export "table" (table $main "table"))
            (export "base" (global $main "base"))
            (export "stack" (global $main "stack"))))))
        (core func $known (canon lower (func $things "known")))
        (core instance (instantiate $outer
            (with "env" (instance
                (export "memory" (memory $main "memory"))
                (export "table" (table $main "table"))
                (export "push" (func $inner "push"))))
            (with "GOT.mem" (instance (export "variable" (global $main "GOT"))))
            (with "outside:host/things" (instance
                (export "known" (func $known))
                (export "unknown" (func $shim "0")))))))"#;

    fn linked() -> (Store<()>, Instance) {
        let component = wat::parse_str(COMPONENT).unwrap();
        let known = "outside:host/things#known";
        let wasm = link(&component, &BTreeSet::from([known.to_owned()])).unwrap();
        let engine = Engine::default();
        let module = Module::new(&engine, &wasm).unwrap();
        let mut linker = Linker::new(&engine);
        linker.func_wrap("shim", known, |x: i32| x * 1000).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &module).unwrap();
        (store, instance)
    }

    #[test]
    fn libraries_share_memory_table_and_variables_in_one_module() {
        let (mut store, instance) = linked();
        let turn = instance
            .get_typed_func::<(i32, i32), i32>(&mut store, "turn")
            .unwrap();
        // The stack from 100 down by 8 and by 5, and 1000 times what the variable points to.
        assert_eq!(turn.call(&mut store, (5, 0)).unwrap(), 87 + 7000);
        let allocate = instance
            .get_typed_func::<i32, i32>(&mut store, "host_alloc")
            .unwrap();
        assert_eq!(allocate.call(&mut store, 64).unwrap(), 64);
    }

    #[test]
    fn what_nobody_provides_traps() {
        let (mut store, instance) = linked();
        let turn = instance
            .get_typed_func::<(i32, i32), i32>(&mut store, "turn")
            .unwrap();
        let error = turn.call(&mut store, (5, 1)).unwrap_err();
        let trap = error.downcast_ref::<wasmtime::Trap>();
        assert_eq!(trap, Some(&wasmtime::Trap::UnreachableCodeReached));
    }
}
