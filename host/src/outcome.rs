//! What came out.

use crate::DisplayItem;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;
use std::time::Duration;

/// The end of an execution, good or bad.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub completion: Completion,
    /// What was written to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What was written to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// What the script displayed, in order.
    pub display: Vec<DisplayItem>,
    /// What is not complete.
    pub truncated: Truncated,
    /// What it used.
    pub usage: Usage,
}

impl Outcome {
    /// How much there is to tell of it.
    pub(crate) fn bytes(&self) -> usize {
        let ended = match &self.completion {
            Completion::Value(json) => json.get().len(),
            Completion::Exited(_) => 0,
            Completion::Fault(fault) => {
                fault.message.len() + fault.traceback.as_ref().map_or(0, String::len)
            }
        };
        let shown = self.display.iter().map(DisplayItem::bytes).sum::<usize>();
        ended + self.stdout.len() + self.stderr.len() + shown
    }
}

/// How an execution ended.
#[derive(Debug)]
pub enum Completion {
    /// Function mode: what `main` returned, as JSON text.
    Value(Box<RawValue>),
    /// Program mode: the exit code.
    Exited(i32),
    /// The script failed, or was stopped.
    Fault(Fault),
}

/// Why a script failed or was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind of failure.
    pub kind: FaultKind,
    /// For the script's author: what happened, and what to do.
    pub message: String,
    /// The script's own frames, as Python prints them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceback: Option<String>,
    /// The line of the script, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column of a syntax error, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The exit code, where the script asked to exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
}

/// The kinds of faults; their names are the API's `error_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The script is not valid Python.
    SyntaxError,
    /// The script defines no `main`.
    MissingMain,
    /// The script raised an exception.
    Exception,
    /// The script exited in function mode.
    Exit,
    /// What `main` returned has no JSON form.
    NotSerializable,
    /// The instruction limit was reached.
    FuelExhausted,
    /// The time limit was reached.
    Timeout,
    /// The memory limit was reached.
    MemoryExceeded,
    /// A stream reached the output limit.
    OutputExceeded,
    /// The result is larger than the limit.
    ResultTooLarge,
    /// The native stack was used up.
    StackOverflow,
    /// Whoever asked no longer wants the answer.
    Cancelled,
    /// The sandbox failed in another way.
    Crashed,
    /// Our own code failed.
    Internal,
}

impl FaultKind {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::SyntaxError => "syntax_error",
            Self::MissingMain => "missing_main",
            Self::Exception => "exception",
            Self::Exit => "exit",
            Self::NotSerializable => "not_serializable",
            Self::FuelExhausted => "fuel_exhausted",
            Self::Timeout => "timeout",
            Self::MemoryExceeded => "memory_exceeded",
            Self::OutputExceeded => "output_exceeded",
            Self::ResultTooLarge => "result_too_large",
            Self::StackOverflow => "stack_overflow",
            Self::Cancelled => "cancelled",
            Self::Crashed => "crashed",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What of a script's output was cut off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Truncated {
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Items that it displayed: there were more, or larger ones.
    pub display: bool,
}

impl Truncated {
    /// The names of what was cut off.
    pub fn names(self) -> Vec<&'static str> {
        [
            (self.stdout, "stdout"),
            (self.stderr, "stderr"),
            (self.display, "display"),
        ]
        .into_iter()
        .filter_map(|(cut, name)| cut.then_some(name))
        .collect()
    }
}

/// What an execution used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Wall-clock time in the sandbox.
    pub duration: Duration,
    /// Units of fuel.
    pub fuel: u64,
    /// The size of linear memory at the end, in bytes. It never shrinks, so this is its peak.
    pub memory_bytes: u64,
}

impl Usage {
    /// The size of a page of WebAssembly memory, in bytes.
    const PAGE_BYTES: u64 = 65_536;

    /// The size of linear memory in pages of 64 KiB.
    pub fn memory_pages(&self) -> u64 {
        self.memory_bytes / Self::PAGE_BYTES
    }
}
