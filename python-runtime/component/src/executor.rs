//! The exported contract.

use crate::bindings::belljar::sandbox::types::{
    Completion, DisplayItem, InvalidLimit, Limit as WitLimit, LimitValues, Mode, Outcome,
    OutputStreams, PackageVersion, Program, Rejection, RuntimeInfo, Usage,
};
use crate::bindings::exports::belljar::sandbox::executor::Guest;
use crate::facts::Facts;
use crate::glue;
use crate::limits::{Limit, TooHigh, Values, resolve};
use crate::request::Request;
use crate::run::{Task, run};
use crate::shown::{Item, Shown};
use crate::verdict::Verdict;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use belljar_surface::{Output, Stream};
use core::sync::atomic::{AtomicBool, Ordering};

struct Executor;

crate::bindings::export!(Executor with_types_in crate::bindings);

/// Whether this instance has run a script. Another one in the same interpreter could see it.
static USED: AtomicBool = AtomicBool::new(false);

impl Guest for Executor {
    fn execute(program: Program) -> Result<Outcome, Rejection> {
        let facts = facts()?;
        let asked = &program.limits;
        let asked = [
            asked.timeout_ms,
            asked.fuel,
            asked.memory_bytes,
            asked.output_bytes,
        ];
        let limits =
            resolve(asked, &facts.default_limits, &facts.maximum_limits).map_err(invalid_limit)?;
        if USED.swap(true, Ordering::Relaxed) {
            let reason = "this instance has run a script already; the host must make a new one \
                          for each request";
            return Err(Rejection::Internal(reason.to_owned()));
        }
        let verdict = Verdict {
            is_program: program.mode == Mode::Program,
            limits: &limits,
            maximum: &facts.maximum_limits,
            result_bytes: facts.result_bytes,
            exceeded: None,
            memory_refused: false,
        };
        if limits.memory_bytes < facts.memory_bytes {
            let fault = verdict.too_little_memory(facts.memory_bytes);
            let nothing = (Output::default(), Shown::default());
            return Ok(outcome(Completion::Fault(fault), nothing, [0; 3]));
        }
        let request = Request {
            is_program: verdict.is_program,
            script: &program.script,
            input: program.input.as_deref(),
            args: &program.args,
            env: &program.env,
            seed: program.seed,
            display: program.display,
        };
        let task = Task {
            request: request.encode(),
            stdin: program.stdin.into_bytes(),
            limits,
            seed: program.seed,
        };
        let finished = run(&facts, task);
        let verdict = Verdict {
            exceeded: finished.output.exceeded,
            memory_refused: glue::refused(),
            ..verdict
        };
        let usage = [
            finished.duration_ns / 1000,
            finished.fuel,
            finished.memory_bytes,
        ];
        let completion = verdict.completion(finished.ending);
        let given = (finished.output, finished.shown);
        Ok(outcome(completion, given, usage))
    }

    fn describe() -> Result<RuntimeInfo, Rejection> {
        let facts = facts()?;
        let packages = facts.packages.into_iter();
        let packages = packages.map(|(name, version)| PackageVersion { name, version });
        Ok(RuntimeInfo {
            python_version: facts.python,
            edition: facts.edition,
            packages: packages.collect(),
            default_limits: limit_values(facts.default_limits),
            maximum_limits: limit_values(facts.maximum_limits),
            result_bytes: facts.result_bytes,
            meter: facts.meter,
            features: vec!["display".to_owned(), "seed".to_owned()],
            isolation: Vec::new(),
        })
    }
}

fn facts() -> Result<Facts, Rejection> {
    let text = String::from_utf8(glue::facts()).ok();
    text.and_then(|text| Facts::parse(&text)).ok_or_else(|| {
        let reason = "the component was not packaged by the Belljar that its shim is of";
        Rejection::Internal(reason.to_owned())
    })
}

fn outcome(completion: Completion, (output, shown): (Output, Shown), usage: [u64; 3]) -> Outcome {
    let [duration_us, fuel, memory_bytes] = usage;
    Outcome {
        completion,
        truncated: match output.exceeded {
            Some(Stream::Stdout) => OutputStreams::STDOUT,
            Some(Stream::Stderr) => OutputStreams::STDERR,
            None => OutputStreams::empty(),
        } | match shown.is_cut {
            true => OutputStreams::DISPLAY,
            false => OutputStreams::empty(),
        },
        display: shown.items.into_iter().map(display_item).collect(),
        stdout: output.stdout,
        stderr: output.stderr,
        usage: Usage {
            duration_us,
            fuel,
            memory_bytes,
            memory_pages: memory_bytes >> 16,
        },
    }
}

fn display_item(item: Item) -> DisplayItem {
    let Item { mime, data, alt } = item;
    DisplayItem { mime, data, alt }
}

fn invalid_limit(error: TooHigh) -> Rejection {
    Rejection::InvalidLimit(InvalidLimit {
        limit: match error.limit {
            Limit::TimeoutMs => WitLimit::TimeoutMs,
            Limit::Fuel => WitLimit::Fuel,
            Limit::MemoryBytes => WitLimit::MemoryBytes,
            Limit::OutputBytes => WitLimit::OutputBytes,
        },
        requested: error.requested,
        maximum: error.maximum,
    })
}

fn limit_values(values: Values) -> LimitValues {
    LimitValues {
        timeout_ms: values.timeout_ms,
        fuel: values.fuel,
        memory_bytes: values.memory_bytes,
        output_bytes: values.output_bytes,
    }
}
