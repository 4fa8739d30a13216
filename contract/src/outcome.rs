//! The outcome of an execution.

use crate::{DisplayItem, FaultKind, Rejection, caps};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The outcome of one execution, good or bad.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The end of the run: a value, an exit code or a fault.
    pub completion: Completion,
    /// The bytes written to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// The bytes written to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// The items that the script displayed, in order.
    pub display: Vec<DisplayItem>,
    /// The parts that are not complete.
    pub truncated: Truncated,
    /// The resources that the run used.
    pub usage: Usage,
}

impl Outcome {
    /// The outcome of an execution that left nothing behind.
    #[must_use]
    pub fn bare(completion: Completion) -> Self {
        Self {
            completion,
            stdout: Vec::new(),
            stderr: Vec::new(),
            display: Vec::new(),
            truncated: Truncated::default(),
            usage: Usage::default(),
        }
    }

    /// The number of bytes in it that come from the script.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let ended = match &self.completion {
            Completion::Value(json) => json.get().len(),
            Completion::Exited(_) => 0,
            Completion::Fault(fault) => {
                fault.message.len() + fault.traceback.as_ref().map_or(0, String::len)
            }
        };
        let displayed = self.display.iter().map(DisplayItem::bytes).sum::<usize>();
        ended + self.stdout.len() + self.stderr.len() + displayed
    }

    /// The same for those who must not see faults of ours: they are a rejection.
    ///
    /// # Errors
    ///
    /// Such a fault.
    pub fn of_script(self) -> Result<Self, Rejection> {
        match self.completion {
            Completion::Fault(fault) if fault.kind == FaultKind::Internal => {
                Err(Rejection::Internal(fault.message))
            }
            _ => Ok(self),
        }
    }
}

/// The end of an execution.
#[derive(Debug, Clone)]
pub enum Completion {
    /// Function mode: what `main` returned, as JSON text.
    Value(Box<RawValue>),
    /// Program mode: the exit code.
    Exited(i32),
    /// The script failed, or was stopped.
    Fault(Fault),
}

impl Completion {
    /// The value of a text that another process or machine says to be JSON.
    #[must_use]
    pub fn value(text: String) -> Self {
        match RawValue::from_string(text) {
            Ok(json) => Self::Value(json),
            Err(_) => Self::nonsense("the sandbox gave a result that is not JSON"),
        }
    }

    /// The end of a sandbox whose answer makes no sense.
    #[must_use]
    pub fn nonsense(message: &str) -> Self {
        Self::Fault(Fault::new(FaultKind::Crashed, message))
    }
}

/// Completions are equal when they say the same, byte by byte.
impl PartialEq for Completion {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(other)) => one.get() == other.get(),
            (Self::Exited(one), Self::Exited(other)) => one == other,
            (Self::Fault(one), Self::Fault(other)) => one == other,
            _ => false,
        }
    }
}

impl PartialEq for Outcome {
    fn eq(&self, other: &Self) -> bool {
        self.completion == other.completion
            && self.stdout == other.stdout
            && self.stderr == other.stderr
            && self.display == other.display
            && self.truncated == other.truncated
            && self.usage == other.usage
    }
}

/// The reason why a script failed or was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The kind of failure.
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

impl Fault {
    /// A fault of which nothing but the message is known.
    #[must_use]
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            traceback: None,
            line: None,
            column: None,
            exit_code: None,
        }
    }
}

/// One of the two streams of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The parts of a script's output that were cut off; in JSON the list of their names.
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
    /// The stream that went over its limit, and whether items are missing.
    #[must_use]
    pub fn new(exceeded: Option<Stream>, display: bool) -> Self {
        Self {
            stdout: exceeded == Some(Stream::Stdout),
            stderr: exceeded == Some(Stream::Stderr),
            display,
        }
    }

    /// The names of what was cut off.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.stdout, "stdout"),
            (self.stderr, "stderr"),
            (self.display, "display"),
        ]
        .into_iter()
        .filter_map(|(cut, name)| cut.then_some(name))
    }
}

impl Serialize for Truncated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Truncated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut truncated = Self::default();
        for name in Vec::<String>::deserialize(deserializer)? {
            match name.as_str() {
                "stdout" => truncated.stdout = true,
                "stderr" => truncated.stderr = true,
                "display" => truncated.display = true,
                _ => return Err(D::Error::custom("an output of another name".to_owned())),
            }
        }
        Ok(truncated)
    }
}

/// The cost of an execution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Wall-clock time in the sandbox.
    pub duration: Duration,
    /// Units of fuel.
    pub fuel: u64,
    /// The size of linear memory at the end, in bytes. It never shrinks, so this is its peak.
    pub memory_bytes: u64,
}

impl Usage {
    /// The size of linear memory in pages of 64 KiB.
    #[must_use]
    pub const fn memory_pages(&self) -> u64 {
        self.memory_bytes / caps::PAGE_BYTES
    }

    /// The duration in whole microseconds: finer is noise.
    #[must_use]
    pub fn duration_us(&self) -> u64 {
        u64::try_from(self.duration.as_micros()).unwrap_or(u64::MAX)
    }
}
