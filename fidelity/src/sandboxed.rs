//! Units in the sandbox.

use crate::case::{Cases, Ending, Kind, Report};
use crate::suite::{Suite, Unit};
use anyhow::Result;
use belljar::{Belljar, Completion, LimitPolicy, Limits, Outcome, Program};

/// The longest that a unit may take. The slowest that ends takes two minutes on two busy cores.
const TIMEOUT_MS: u64 = 300_000;

/// The memory of a unit: numpy's tests of large arrays want more than any sandbox has.
const MEMORY_BYTES: u64 = 2 << 30;

/// The bytes that a unit may print, its reports included.
const OUTPUT_BYTES: u64 = 64 << 20;

/// The times that a unit is begun again without the cases that ended it.
const TRIES: usize = 6;

/// Sandboxes for units.
#[derive(Debug)]
pub(crate) struct Sandbox(Belljar);

impl Sandbox {
    /// As many as there are threads.
    pub(crate) fn new(threads: u32) -> Result<Self> {
        let belljar = Belljar::builder()
            .sandboxes(threads)
            .limit_policy(LimitPolicy::widest())
            .build()?;
        Ok(Self(belljar))
    }

    /// The digest of the image, which decides what becomes of a unit.
    pub(crate) fn image(&self) -> String {
        self.0.info().image.code.sha256.to_string()
    }

    /// Runs a unit, again and again without the cases that ended a run.
    pub(crate) fn run(&self, suite: &Suite, unit: &Unit) -> Result<Cases> {
        if suite.programs {
            return self.program(unit);
        }
        let mut lost = Cases::new();
        for _ in 0..TRIES {
            let outcome = self.execute(suite, unit, lost.keys().cloned())?;
            let mut report = Report::read(&outcome.stdout);
            report.cases.extend(lost.clone());
            if report.finished {
                return Ok(report.cases);
            }
            let why = ended(&outcome);
            let stopped = matches!(&outcome.completion, Completion::Fault(_));
            let Some(case) = report.unfinished else {
                report.cases.insert(unit.name.clone(), failed(why));
                return Ok(report.cases);
            };
            lost.insert(case, failed(why.clone()));
            if stopped && why.starts_with("timeout") {
                // A second try would take as long.
                report.cases.extend(lost);
                return Ok(report.cases);
            }
        }
        lost.insert(
            unit.name.clone(),
            failed(format!("the run was ended {TRIES} times")),
        );
        Ok(lost)
    }

    fn program(&self, unit: &Unit) -> Result<Cases> {
        let program = Program::program(&*unit.script).limits(limits());
        let outcome = self.0.execute(&program)?;
        let ending = match outcome.completion {
            Completion::Exited(0) => Ending {
                outcome: Kind::Passed,
                why: String::new(),
            },
            _ => failed(ended(&outcome)),
        };
        Ok(Cases::from([(unit.name.clone(), ending)]))
    }

    fn execute(
        &self,
        suite: &Suite,
        unit: &Unit,
        without: impl Iterator<Item = String>,
    ) -> Result<Outcome> {
        let mut args = vec![unit.name.clone()];
        args.extend(without);
        let program = Program::program(&*unit.script)
            .stdin(&*suite.archive)
            .args(args)
            .display(false)
            .limits(limits());
        Ok(self.0.execute(&program)?)
    }
}

fn limits() -> Limits {
    Limits {
        timeout_ms: Some(TIMEOUT_MS),
        fuel: Some(i64::MAX as u64),
        memory_bytes: Some(MEMORY_BYTES),
        output_bytes: Some(OUTPUT_BYTES),
    }
}

fn failed(why: String) -> Ending {
    Ending {
        outcome: Kind::Failed,
        why,
    }
}

/// The end of a run, in a line.
fn ended(outcome: &Outcome) -> String {
    match &outcome.completion {
        Completion::Fault(fault) => format!("{}: {}", fault.kind, fault.message),
        Completion::Exited(code) => {
            let stderr = String::from_utf8_lossy(&outcome.stderr);
            let last = stderr.lines().last().unwrap_or_default();
            format!("exit code {code}: {last}")
        }
        Completion::Value(_) => "a result".to_owned(),
    }
}
