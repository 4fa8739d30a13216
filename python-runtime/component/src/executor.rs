//! The exported contract.

use crate::bindings::belljar::sandbox::types;
use crate::bindings::exports::belljar::sandbox::executor::Guest;
use crate::facts::Facts;
use crate::glue;
use crate::run::{Task, run};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use belljar_contract::caps::RESULT_BYTES;
use belljar_contract::{
    Outcome, PackageVersion, Program, Rejection, RuntimeInfo, Verdict, request,
};
use core::sync::atomic::{AtomicBool, Ordering};

struct Executor;

crate::bindings::export!(Executor with_types_in crate::bindings);

/// `true` once this instance has run a script. Another one in the same interpreter could see it.
static USED: AtomicBool = AtomicBool::new(false);

impl Guest for Executor {
    fn execute(program: types::Program) -> Result<types::Outcome, types::Rejection> {
        Ok(execute(program.into())?.into())
    }

    fn describe() -> Result<types::RuntimeInfo, types::Rejection> {
        Ok(describe()?.into())
    }
}

fn execute(program: Program) -> Result<Outcome, Rejection> {
    let facts = facts()?;
    program.check()?;
    let limits = facts.limits.resolve(&program.limits)?;
    if USED.swap(true, Ordering::Relaxed) {
        let reason = "this instance has run a script already; the host must make a new one \
                      for each request";
        return Err(Rejection::Internal(reason.to_owned()));
    }
    let verdict = Verdict::new(program.mode, &limits, &facts.limits.maximum);
    if limits.memory_bytes < facts.memory_bytes {
        return Ok(verdict.too_little_memory(facts.memory_bytes));
    }
    let finished = run(
        &facts,
        Task {
            request: request::encode(&program),
            stdin: program.stdin,
            limits,
            seed: program.seed,
        },
    );
    let verdict = Verdict {
        exceeded: finished.output.exceeded.map(Into::into),
        memory_refused: glue::refused(),
        ..verdict
    };
    let output = [finished.output.stdout, finished.output.stderr];
    Ok(verdict.outcome(finished.ending, output, finished.display, finished.usage))
}

fn describe() -> Result<RuntimeInfo, Rejection> {
    let facts = facts()?;
    let packages = facts.packages.into_iter();
    let packages = packages.map(|(name, version)| PackageVersion { name, version });
    Ok(RuntimeInfo {
        python_version: facts.python,
        edition: facts.edition,
        packages: packages.collect(),
        default_limits: facts.limits.default,
        maximum_limits: facts.limits.maximum,
        result_bytes: RESULT_BYTES as u64,
        meter: facts.meter,
        features: ["display", "seed"].map(str::to_owned).to_vec(),
        isolation: Vec::new(),
    })
}

fn facts() -> Result<Facts, Rejection> {
    let text = String::from_utf8(glue::facts()).ok();
    text.and_then(|text| Facts::parse(&text)).ok_or_else(|| {
        let reason = "the component was not packaged by the Belljar that its shim is of";
        Rejection::Internal(reason.to_owned())
    })
}
