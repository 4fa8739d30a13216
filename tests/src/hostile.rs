//! Scripts that attack.

use crate::{Run, Script, script};
use belljar::{Belljar, Completion};

/// What may come of an attack. That the process lives and the next script is served as if nothing
/// had happened is demanded of all of them.
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
    /// What it attacks.
    pub name: &'static str,
    /// The script, in function mode.
    pub script: &'static str,
    /// What may come of it.
    pub may: May,
}

impl Hostile {
    /// An attack with limits that every one of them can be survived in quickly.
    pub fn script(&self) -> Script {
        let timeout_ms = match self.may {
            May::Wait => 300,
            _ => 60_000,
        };
        script(self.script)
            .timeout_ms(timeout_ms)
            .fuel(2_000_000_000)
            .memory_bytes(400 << 20)
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
