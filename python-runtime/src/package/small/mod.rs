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

use super::{PackageOptions, Proportions, facts, finish, glue, meter, stack};
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
    let wasm = pipeline::timed(progress, "Metering", || meter(&wasm, options))?;
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
    let proportions = finish(&content, out, progress)?;
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
