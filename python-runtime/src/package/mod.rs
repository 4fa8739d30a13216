//! CPython as a component, for hosts that know nothing of us, such as Spin.
//!
//! The component exports `belljar:sandbox/executor` and imports clocks and random bytes, nothing
//! else. It is made of the snapshot and of a shim (`component/`, Rust) that is to it what the
//! native host is: a deny-all WASI, the limits, the contract.
//!
//! 1. [`lower`], if asked to: no exception handling, for engines that have none;
//! 2. [`metered`]: fuel that is counted by the code itself, who is asked when it is used up, and a limit
//!    for the memory;
//! 3. [`glue`]: the four core modules in one component;
//! 4. [`check`]: what has to be true of the result;
//! 5. [`metered`] again: the proof that the interpreter in the result is metered.
//!
//! The small edition has another interpreter, and so another first step: [`small`].

mod check;
#[cfg(test)]
mod conformance;
mod facts;
mod glue;
mod interpreter;
mod lower;
mod metered;
mod small;
mod stack;
mod types;

pub use check::Proportions;

use crate::pipeline::{self, Ingredients};
use crate::{Cache, Error, Progress, Result};
use belljar_contract::LimitPolicy;
use std::fs;
use std::path::Path;

/// Which interpreter to package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// CPython with numpy, pandas and all the rest: the interpreter of the image.
    Full,
    /// CPython with its standard library alone, for hosts that allow tens of megabytes.
    Small,
}

/// The edition to package, and how.
#[derive(Debug, Clone)]
pub struct PackageOptions<'a> {
    /// The shim: a core module.
    pub shim: &'a Path,
    /// The interpreter to package.
    pub edition: Edition,
    /// For engines without exception handling. A run that is stopped then traps.
    pub without_exceptions: bool,
    /// The limits the component grants.
    pub limits: LimitPolicy,
}

/// Makes the component and writes it to `out`, with the licences of what is in it beside it.
///
/// # Errors
///
/// When a step fails, or the result is not what it has to be.
pub fn package(
    cache: &Cache,
    options: &PackageOptions<'_>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Proportions> {
    let shim = fs::read(options.shim).map_err(Error::io("could not read", options.shim))?;
    match options.edition {
        Edition::Full => full(cache, options, &shim, out, progress),
        Edition::Small => small::package(cache, options, &shim, out, progress),
    }
}

fn full(
    cache: &Cache,
    options: &PackageOptions<'_>,
    shim: &[u8],
    out: &Path,
    progress: &dyn Progress,
) -> Result<Proportions> {
    let Ingredients {
        mut wasm,
        report,
        artifacts,
    } = pipeline::ingredients(cache, progress)?;
    let stack = stack::fact(&wasm, &stack::FULL)?;
    if options.without_exceptions {
        wasm = pipeline::timed(progress, "Lowering exceptions", || lower::lower(&wasm))?;
    }
    let wasm = pipeline::timed(progress, "Metering", || {
        metered::meter(&wasm, &options.limits)
    })?;
    let pack_path = artifacts.pack();
    let pack = fs::read(&pack_path).map_err(Error::io("could not read", &pack_path))?;
    let about = facts::Interpreter {
        edition: "full",
        python: &report.python,
        memory_bytes: report.memory_bytes,
        stack,
        entropy: &report.entropy,
        packages: artifacts.contents.packages.clone(),
    };
    let content = glue::Content {
        shim,
        python: &wasm,
        pack: &pack,
        facts: facts::facts(&about, &options.limits),
        index: facts::index(&artifacts.contents.files),
        imports: glue::Imports::Preview1,
        without_exceptions: options.without_exceptions,
    };
    let proportions = finish(&content, options, out, progress)?;
    pipeline::copy_licenses(&artifacts.licenses(), &out.with_file_name("LICENSES"))?;
    Ok(proportions)
}

/// Assembles, checks, proves and writes a component.
fn finish(
    content: &glue::Content<'_>,
    options: &PackageOptions<'_>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Proportions> {
    let component = glue::assemble(content)?;
    let proportions = pipeline::timed(progress, "Checking the component", || {
        check::check(&component, content.python, content.without_exceptions)
    })?;
    pipeline::timed(progress, "Proving that it is metered", || {
        metered::prove(&component, &options.limits)
    })?;
    // Whole or not at all: under its own name only once everything is written.
    let new = out.with_extension("new");
    fs::write(&new, component).map_err(Error::io("could not write", &new))?;
    fs::rename(&new, out).map_err(Error::io("could not create", out))?;
    Ok(proportions)
}
