//! An outcome or a rejection, as it goes.

use crate::serve::Description;
use crate::{
    Completion, DisplayItem, Fault, FaultKind, LimitError, Outcome, Rejection, Truncated, Usage,
};
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use serde::Serialize;
use serde::ser::Serializer;

/// What the protocol answers to a program.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// It ran.
    Outcome(OutcomeBody),
    /// It did not.
    Rejection(RejectionBody),
    /// What executes here.
    RuntimeInfo(RuntimeInfoBody),
    /// It is not a program: told like other errors.
    #[serde(skip)]
    Invalid(String),
}

#[derive(Debug, Serialize)]
pub(super) struct OutcomeBody {
    completion: CompletionBody,
    stdout: Base64,
    stderr: Base64,
    display: Vec<ItemBody>,
    truncated: Vec<&'static str>,
    usage: UsageBody,
}

/// An item as the contract has it: bytes, whatever its type.
#[derive(Debug, Serialize)]
struct ItemBody {
    mime: String,
    data: Base64,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
}

impl From<DisplayItem> for ItemBody {
    fn from(item: DisplayItem) -> Self {
        let DisplayItem { mime, data, alt } = item;
        let data = Base64(data);
        Self { mime, data, alt }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum CompletionBody {
    Value(Box<str>),
    Exited(i32),
    Fault(Fault),
}

#[derive(Debug, Serialize)]
struct UsageBody {
    duration_us: u64,
    fuel: u64,
    memory_bytes: u64,
    memory_pages: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RejectionBody {
    InvalidLimit {
        limit: &'static str,
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
pub(super) struct RuntimeInfoBody {
    #[serde(flatten)]
    description: Description,
    isolation: Vec<String>,
}

/// Bytes that may be anything.
#[derive(Debug)]
struct Base64(Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Written as it is encoded: no copy of it.
        serializer.collect_str(&Base64Display::new(&self.0, &STANDARD))
    }
}

impl Reply {
    pub(super) fn of(result: Result<Outcome, Rejection>) -> Self {
        let outcome = match result {
            Ok(outcome) => outcome,
            Err(rejection) => return Self::rejected(rejection),
        };
        let Outcome {
            completion,
            stdout,
            stderr,
            display,
            truncated,
            usage,
        } = outcome;
        let completion = match completion {
            Completion::Value(value) => CompletionBody::Value(value.into()),
            Completion::Exited(code) => CompletionBody::Exited(code),
            Completion::Fault(fault) if fault.kind == FaultKind::Internal => {
                return Self::Rejection(RejectionBody::Internal(fault.message));
            }
            Completion::Fault(fault) => CompletionBody::Fault(fault),
        };
        Self::Outcome(OutcomeBody {
            completion,
            stdout: Base64(stdout),
            stderr: Base64(stderr),
            display: display.into_iter().map(ItemBody::from).collect(),
            truncated: Truncated::names(truncated),
            usage: usage.into(),
        })
    }

    fn rejected(rejection: Rejection) -> Self {
        match rejection {
            Rejection::InvalidLimit(LimitError::TooHigh {
                limit,
                value,
                maximum,
            }) => Self::Rejection(RejectionBody::InvalidLimit {
                limit: limit.name(),
                requested: value,
                maximum,
            }),
            // The contract has neither: a client of the protocol that sends it is wrong.
            Rejection::InvalidLimit(error @ LimitError::Zero(_)) => {
                Self::Invalid(error.to_string())
            }
            Rejection::InvalidProgram(problem) => Self::Invalid(problem),
            Rejection::Overloaded { retry_after } => {
                let retry_after_ms = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
                Self::Rejection(RejectionBody::Overloaded { retry_after_ms })
            }
            Rejection::Unavailable(reason) => Self::Rejection(RejectionBody::Unavailable(reason)),
        }
    }

    pub(super) fn unavailable(reason: &str) -> Self {
        Self::Rejection(RejectionBody::Unavailable(reason.to_owned()))
    }

    pub(super) fn describe(description: &Description, isolation: &[String]) -> Self {
        let mut description = description.clone();
        // This protocol has one answer for one program.
        description.features.retain(|&feature| feature != "stream");
        Self::RuntimeInfo(RuntimeInfoBody {
            description,
            isolation: isolation.to_owned(),
        })
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Outcome(_) | Self::RuntimeInfo(_) => StatusCode::OK,
            Self::Rejection(rejection) => match rejection {
                RejectionBody::InvalidLimit { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                RejectionBody::Overloaded { .. } | RejectionBody::Unavailable(_) => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                RejectionBody::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// Seconds for `Retry-After`. Rounded up, or clients would come back too early.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Rejection(RejectionBody::Overloaded { retry_after_ms }) => {
                Some(retry_after_ms.div_ceil(1000).max(1))
            }
            _ => None,
        }
    }
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        Self {
            duration_us: u64::try_from(usage.duration.as_micros()).unwrap_or(u64::MAX),
            fuel: usage.fuel,
            memory_bytes: usage.memory_bytes,
            memory_pages: usage.memory_pages(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limit;
    use serde_json::value::RawValue;
    use serde_json::{Value, json, to_value};
    use std::time::Duration;

    fn reply(completion: Completion) -> Value {
        let outcome = Outcome {
            completion,
            stdout: b"\xff\n".to_vec(),
            stderr: Vec::new(),
            display: vec![DisplayItem {
                mime: "text/html".to_owned(),
                data: b"<b>".to_vec(),
                alt: None,
            }],
            truncated: Truncated {
                stdout: true,
                stderr: false,
                display: false,
            },
            usage: Usage {
                duration: Duration::from_micros(412),
                fuel: 3,
                memory_bytes: 65_536,
            },
        };
        to_value(Reply::of(Ok(outcome))).unwrap()
    }

    #[test]
    fn a_value_is_json_text_and_output_is_bytes() {
        let value = RawValue::from_string("[1, 1e400]".to_owned()).unwrap();
        let expected = json!({"outcome": {
            "completion": {"value": "[1, 1e400]"},
            "stdout": "/wo=", "stderr": "",
            "display": [{"mime": "text/html", "data": "PGI+"}],
            "truncated": ["stdout"],
            "usage": {"duration_us": 412, "fuel": 3, "memory_bytes": 65536, "memory_pages": 1},
        }});
        assert_eq!(reply(Completion::Value(value)), expected);
    }

    #[test]
    fn faults_have_the_names_of_the_contract() {
        let fault = Fault {
            kind: FaultKind::NotSerializable,
            message: "m".to_owned(),
            traceback: None,
            line: Some(2),
            column: None,
            exit_code: None,
        };
        let expected = json!({"fault": {"kind": "not_serializable", "message": "m", "line": 2}});
        assert_eq!(
            reply(Completion::Fault(fault))["outcome"]["completion"],
            expected
        );
        let exited = json!({"exited": 3});
        assert_eq!(
            reply(Completion::Exited(3))["outcome"]["completion"],
            exited
        );
    }

    #[test]
    fn rejections_have_their_statuses() {
        let too_high = LimitError::TooHigh {
            limit: Limit::Fuel,
            value: 9,
            maximum: 5,
        };
        let overloaded = Rejection::Overloaded {
            retry_after: Duration::from_millis(1200),
        };
        for (rejection, status, expected) in [
            (
                Rejection::InvalidLimit(too_high),
                422,
                json!({"invalid_limit": {"limit": "fuel", "requested": 9, "maximum": 5}}),
            ),
            (
                overloaded.clone(),
                503,
                json!({"overloaded": {"retry_after_ms": 1200}}),
            ),
            (
                Rejection::Unavailable("r".to_owned()),
                503,
                json!({"unavailable": "r"}),
            ),
        ] {
            let reply = Reply::of(Err(rejection));
            assert_eq!(reply.status(), status);
            assert_eq!(to_value(&reply).unwrap(), json!({"rejection": expected}));
        }
        assert_eq!(Reply::of(Err(overloaded)).retry_after(), Some(2));
    }
}
