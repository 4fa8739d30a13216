//! An outcome, a rejection or a description: the answer.

use crate::info::InfoBody;
use crate::types::{
    Completion, DisplayItem, Fault, FaultKind, InvalidLimit, Limit, Outcome, OutputStreams,
    Overload, Rejection, RuntimeInfo, Usage,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// An answer of the protocol.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Outcome(OutcomeBody),
    Rejection(RejectionBody),
    RuntimeInfo(InfoBody),
}

#[derive(Debug, Serialize, Deserialize)]
struct OutcomeBody {
    completion: CompletionBody,
    stdout: String,
    stderr: String,
    #[serde(default)]
    display: Vec<ItemBody>,
    truncated: Vec<String>,
    usage: UsageBody,
}

#[derive(Debug, Serialize, Deserialize)]
struct ItemBody {
    mime: String,
    data: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CompletionBody {
    Value(String),
    Exited(i32),
    Fault(FaultBody),
}

#[derive(Debug, Serialize, Deserialize)]
struct FaultBody {
    kind: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceback: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct UsageBody {
    duration_us: u64,
    fuel: u64,
    memory_bytes: u64,
    memory_pages: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RejectionBody {
    InvalidLimit {
        limit: String,
        requested: u64,
        maximum: u64,
    },
    Overloaded {
        retry_after_ms: u64,
    },
    Unavailable(String),
    Internal(String),
}

#[derive(Debug, Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_type: &'a str,
}

/// The kinds of faults by their names.
const KINDS: [(FaultKind, &str); 13] = [
    (FaultKind::SyntaxError, "syntax_error"),
    (FaultKind::MissingMain, "missing_main"),
    (FaultKind::Exception, "exception"),
    (FaultKind::Exit, "exit"),
    (FaultKind::NotSerializable, "not_serializable"),
    (FaultKind::FuelExhausted, "fuel_exhausted"),
    (FaultKind::Timeout, "timeout"),
    (FaultKind::MemoryExceeded, "memory_exceeded"),
    (FaultKind::OutputExceeded, "output_exceeded"),
    (FaultKind::ResultTooLarge, "result_too_large"),
    (FaultKind::StackOverflow, "stack_overflow"),
    (FaultKind::Crashed, "crashed"),
    (FaultKind::Cancelled, "cancelled"),
];

/// The limits by their names.
const LIMITS: [(Limit, &str); 4] = [
    (Limit::TimeoutMs, "timeout_ms"),
    (Limit::Fuel, "fuel"),
    (Limit::MemoryBytes, "memory_bytes"),
    (Limit::OutputBytes, "output_bytes"),
];

fn name_of<T: Copy + PartialEq>(names: &[(T, &str)], value: T) -> String {
    let found = names.iter().find(|(one, _)| *one == value);
    found.map_or_else(String::new, |(_, name)| (*name).to_owned())
}

fn named<T: Copy>(names: &[(T, &str)], name: &str) -> Option<T> {
    let found = names.iter().find(|(_, one)| *one == name);
    found.map(|(value, _)| *value)
}

/// The status and the JSON of what came of a program.
pub fn encode_outcome(result: Result<Outcome, Rejection>) -> (u16, Vec<u8>) {
    match result {
        Ok(outcome) => (200, json(&Body::Outcome(outcome.into()))),
        Err(rejection) => encode_rejection(rejection),
    }
}

/// The status and the JSON of a description.
pub fn encode_info(result: Result<RuntimeInfo, Rejection>) -> (u16, Vec<u8>) {
    match result {
        Ok(info) => (200, json(&Body::RuntimeInfo(info.into()))),
        Err(rejection) => encode_rejection(rejection),
    }
}

fn encode_rejection(rejection: Rejection) -> (u16, Vec<u8>) {
    let status = match rejection {
        Rejection::InvalidLimit(_) => 422,
        Rejection::Overloaded(_) | Rejection::Unavailable(_) => 503,
        Rejection::Internal(_) => 500,
    };
    (status, json(&Body::Rejection(rejection.into())))
}

/// The JSON of an error of the protocol itself.
pub fn encode_error(error_type: &str, message: &str) -> Vec<u8> {
    json(&ErrorBody {
        error: message,
        error_type,
    })
}

fn json(body: &impl Serialize) -> Vec<u8> {
    // Strings and numbers always have a JSON form.
    serde_json::to_vec(body).unwrap_or_default()
}

/// What came of a program; `None` if the body is nothing of the protocol.
pub fn decode_outcome(body: &[u8]) -> Option<Result<Outcome, Rejection>> {
    match serde_json::from_slice(body).ok()? {
        Body::Outcome(outcome) => Some(Ok(outcome.decode()?)),
        Body::Rejection(rejection) => Some(Err(rejection.decode()?)),
        Body::RuntimeInfo(_) => None,
    }
}

/// A description; `None` if the body is nothing of the protocol.
pub fn decode_info(body: &[u8]) -> Option<Result<RuntimeInfo, Rejection>> {
    match serde_json::from_slice(body).ok()? {
        Body::RuntimeInfo(info) => Some(Ok(info.into())),
        Body::Rejection(rejection) => Some(Err(rejection.decode()?)),
        Body::Outcome(_) => None,
    }
}

impl From<Outcome> for OutcomeBody {
    fn from(outcome: Outcome) -> Self {
        let streams = [
            (OutputStreams::STDOUT, "stdout"),
            (OutputStreams::STDERR, "stderr"),
            (OutputStreams::DISPLAY, "display"),
        ];
        let truncated = streams
            .iter()
            .filter(|(one, _)| outcome.truncated.contains(*one));
        Self {
            truncated: truncated.map(|(_, name)| (*name).to_owned()).collect(),
            completion: match outcome.completion {
                Completion::Value(text) => CompletionBody::Value(text),
                Completion::Exited(code) => CompletionBody::Exited(code),
                Completion::Fault(fault) => CompletionBody::Fault(FaultBody {
                    kind: name_of(&KINDS, fault.kind),
                    message: fault.message,
                    traceback: fault.traceback,
                    line: fault.line,
                    column: fault.column,
                    exit_code: fault.exit_code,
                }),
            },
            stdout: STANDARD.encode(&outcome.stdout),
            stderr: STANDARD.encode(&outcome.stderr),
            display: outcome.display.into_iter().map(ItemBody::from).collect(),
            usage: UsageBody {
                duration_us: outcome.usage.duration_us,
                fuel: outcome.usage.fuel,
                memory_bytes: outcome.usage.memory_bytes,
                memory_pages: outcome.usage.memory_pages,
            },
        }
    }
}

impl From<DisplayItem> for ItemBody {
    fn from(item: DisplayItem) -> Self {
        Self {
            mime: item.mime,
            data: STANDARD.encode(&item.data),
            alt: item.alt,
        }
    }
}

impl ItemBody {
    fn decode(self) -> Option<DisplayItem> {
        Some(DisplayItem {
            mime: self.mime,
            data: STANDARD.decode(self.data).ok()?,
            alt: self.alt,
        })
    }
}

impl OutcomeBody {
    fn decode(self) -> Option<Outcome> {
        let mut truncated = OutputStreams::empty();
        for name in &self.truncated {
            truncated |= match name.as_str() {
                "stdout" => OutputStreams::STDOUT,
                "stderr" => OutputStreams::STDERR,
                "display" => OutputStreams::DISPLAY,
                _ => return None,
            };
        }
        Some(Outcome {
            completion: match self.completion {
                CompletionBody::Value(text) => Completion::Value(text),
                CompletionBody::Exited(code) => Completion::Exited(code),
                CompletionBody::Fault(fault) => Completion::Fault(Fault {
                    kind: named(&KINDS, &fault.kind)?,
                    message: fault.message,
                    traceback: fault.traceback,
                    line: fault.line,
                    column: fault.column,
                    exit_code: fault.exit_code,
                }),
            },
            stdout: STANDARD.decode(self.stdout).ok()?,
            stderr: STANDARD.decode(self.stderr).ok()?,
            display: self
                .display
                .into_iter()
                .map(ItemBody::decode)
                .collect::<Option<_>>()?,
            truncated,
            usage: Usage {
                duration_us: self.usage.duration_us,
                fuel: self.usage.fuel,
                memory_bytes: self.usage.memory_bytes,
                memory_pages: self.usage.memory_pages,
            },
        })
    }
}

impl From<Rejection> for RejectionBody {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::InvalidLimit(invalid) => Self::InvalidLimit {
                limit: name_of(&LIMITS, invalid.limit),
                requested: invalid.requested,
                maximum: invalid.maximum,
            },
            Rejection::Overloaded(overload) => Self::Overloaded {
                retry_after_ms: u64::from(overload.retry_after_ms),
            },
            Rejection::Unavailable(reason) => Self::Unavailable(reason),
            Rejection::Internal(reason) => Self::Internal(reason),
        }
    }
}

impl RejectionBody {
    fn decode(self) -> Option<Rejection> {
        Some(match self {
            Self::InvalidLimit {
                limit,
                requested,
                maximum,
            } => Rejection::InvalidLimit(InvalidLimit {
                limit: named(&LIMITS, &limit)?,
                requested,
                maximum,
            }),
            Self::Overloaded { retry_after_ms } => Rejection::Overloaded(Overload {
                retry_after_ms: u32::try_from(retry_after_ms).unwrap_or(u32::MAX),
            }),
            Self::Unavailable(reason) => Rejection::Unavailable(reason),
            Self::Internal(reason) => Rejection::Internal(reason),
        })
    }
}

#[cfg(test)]
mod tests;
