//! The JSON body of an answer: what the HTTP API sends and `belljar run` prints.

use crate::{Completion, DisplayItem, Fault, Outcome, Usage};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// An answer's body. Keys that do not apply are left out.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    /// Function mode: what `main` returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    /// Program mode: the exit code. Also of a fault that is an exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    stdout: Cow<'a, str>,
    stderr: Cow<'a, str>,
    /// Left out where nothing was displayed: most scripts display nothing.
    #[serde(skip_serializing_if = "<[DisplayItem]>::is_empty")]
    display: &'a [DisplayItem],
    #[serde(skip_serializing_if = "Option::is_none")]
    traceback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    usage: UsageBody,
    truncated: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct UsageBody {
    duration_ms: f64,
    fuel: u64,
    memory_bytes: u64,
    memory_pages: u64,
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        Self {
            // To the microsecond: finer is noise.
            duration_ms: (usage.duration.as_secs_f64() * 1e6).round() / 1e3,
            fuel: usage.fuel,
            memory_bytes: usage.memory_bytes,
            memory_pages: usage.memory_pages(),
        }
    }
}

impl<'a> Body<'a> {
    /// The body for an outcome. Output that is not UTF-8 gets U+FFFD in place of what is not.
    pub fn of(outcome: &'a Outcome) -> Self {
        let fault: Option<&Fault> = match &outcome.completion {
            Completion::Fault(fault) => Some(fault),
            _ => None,
        };
        Self {
            result: match &outcome.completion {
                Completion::Value(value) => Some(value),
                _ => None,
            },
            exit_code: match &outcome.completion {
                Completion::Exited(code) => Some(*code),
                _ => fault.and_then(|fault| fault.exit_code),
            },
            error: fault.map(|fault| fault.message.as_str()),
            error_type: fault.map(|fault| fault.kind.name()),
            stdout: String::from_utf8_lossy(&outcome.stdout),
            stderr: String::from_utf8_lossy(&outcome.stderr),
            display: &outcome.display,
            traceback: fault.and_then(|fault| fault.traceback.as_deref()),
            line: fault.and_then(|fault| fault.line),
            column: fault.and_then(|fault| fault.column),
            usage: outcome.usage.into(),
            truncated: outcome.truncated.names(),
        }
    }
}
