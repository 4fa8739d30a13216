//! Scripts that attack.

mod bombs;
mod bytecode;
mod endings;
mod files;
mod forgery;
mod memory;
mod nesting;
mod recursion;
mod resources;
mod sources;
mod walls;

use crate::http::Response;
use crate::{Run, Script, script};
use belljar::{Belljar, Completion};
use serde_json::{Value, json};

/// Limits that all of them can be survived in quickly.
const FUEL: u64 = 2_000_000_000;
const MEMORY_BYTES: u64 = 768 << 20;
const OUTPUT_BYTES: u64 = 1 << 20;

/// The ends that an attack may have. That the process lives and the next script is served as if
/// nothing had happened is demanded of all of them.
#[derive(Debug, Clone, Copy)]
pub enum May {
    /// Exactly this result, as JSON text.
    Give(&'static str),
    /// A fault of one of these kinds.
    Fail(&'static [&'static str]),
    /// A result, whatever it is, or a fault of one of these kinds.
    GiveOrFail(&'static [&'static str]),
    /// Nothing: it waits until its deadline, which is soon.
    Wait,
}

/// A script that attacks.
#[derive(Debug, Clone, Copy)]
pub struct Hostile {
    /// The name: a word for what it attacks.
    pub name: &'static str,
    /// The script, in function mode.
    pub script: &'static str,
    /// The ends that it may have.
    pub may: May,
}

impl Hostile {
    /// All of them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            files::SCRIPTS,
            walls::SCRIPTS,
            sources::SCRIPTS,
            recursion::SCRIPTS,
            nesting::SCRIPTS,
            resources::SCRIPTS,
            bombs::SCRIPTS,
            forgery::SCRIPTS,
            endings::SCRIPTS,
            bytecode::SCRIPTS,
            memory::SCRIPTS,
        ]
        .into_iter()
        .flatten()
    }

    /// An attack with limits that every one of them can be survived in quickly.
    pub fn script(&self) -> Script {
        script(self.script)
            .timeout_ms(self.timeout_ms())
            .fuel(FUEL)
            .memory_bytes(MEMORY_BYTES)
            .output_bytes(OUTPUT_BYTES)
    }

    /// The same as the body of `POST /execute`.
    pub fn body(&self) -> String {
        json!({
            "script": self.script,
            "limits": {
                "timeout_ms": self.timeout_ms(),
                "fuel": FUEL,
                "memory_bytes": MEMORY_BYTES,
            },
        })
        .to_string()
    }

    fn timeout_ms(&self) -> u64 {
        match self.may {
            May::Wait => 300,
            _ => 60_000,
        }
    }

    /// Checks the answer to [`body`](Self::body); the error says what is wrong with it.
    pub fn judge(&self, answer: &Response) -> Result<(), String> {
        let body = answer.value();
        let fault = body["error_type"].as_str();
        let holds = match self.may {
            May::Give(json) if answer.status == 200 => {
                serde_json::from_str::<Value>(json).is_ok_and(|value| value == body["result"])
            }
            May::GiveOrFail(_) if answer.status == 200 => true,
            May::Fail(kinds) | May::GiveOrFail(kinds) if answer.status == 400 => {
                fault.is_some_and(|fault| kinds.contains(&fault))
            }
            May::Wait => answer.status == 400 && fault == Some("timeout"),
            _ => false,
        };
        if holds {
            return Ok(());
        }
        let mut found = answer.body.clone();
        found.truncate(found.floor_char_boundary(600));
        let (name, may, status) = (self.name, self.may, answer.status);
        Err(format!("{name}: expected {may:?}, got {status} {found}"))
    }

    /// Runs it; what is wrong with what came of it.
    pub fn run_in(&self, belljar: &Belljar) -> Result<Run, String> {
        let run = self.script().try_run_with(belljar, &belljar.canceller());
        let run = run.map_err(|problem| format!("{}: {problem}", self.name))?;
        let fault = run.fault_if_any().map(|fault| fault.kind.name());
        let holds = match (self.may, &run.outcome().completion) {
            (May::Give(json), Completion::Value(value)) => value.get() == json,
            (May::GiveOrFail(_), Completion::Value(_)) => true,
            (May::Fail(kinds) | May::GiveOrFail(kinds), Completion::Fault(_)) => {
                fault.is_some_and(|fault| kinds.contains(&fault))
            }
            (May::Wait, Completion::Fault(_)) => fault == Some("timeout"),
            _ => false,
        };
        if holds {
            Ok(run)
        } else {
            let mut found = format!("{:?}", run.outcome().completion);
            found.truncate(found.floor_char_boundary(600));
            Err(format!(
                "{}: expected {:?}, got {found}",
                self.name, self.may
            ))
        }
    }
}
