//! An outcome, a rejection or a description: the answer of the executor protocol.

use crate::display::Base64;
use crate::{
    Completion, DisplayItem, Fault, InvalidLimit, Outcome, Rejection, RuntimeInfo, Truncated, Usage,
};
use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use core::time::Duration;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An answer of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The program was executed.
    Outcome(Outcome),
    /// It was not.
    Rejection(Rejection),
    /// The description of the executor.
    RuntimeInfo(RuntimeInfo),
}

impl Reply {
    /// The answer to a program.
    #[must_use]
    pub fn of(result: Result<Outcome, Rejection>) -> Self {
        match result.and_then(Outcome::of_script) {
            Ok(outcome) => Self::Outcome(outcome),
            Err(rejection) => Self::Rejection(rejection),
        }
    }

    /// The answer to who asks what executes here.
    #[must_use]
    pub fn describing(result: Result<RuntimeInfo, Rejection>) -> Self {
        match result {
            Ok(mut info) => {
                // This protocol has one answer for one program.
                info.features.retain(|feature| feature != "stream");
                Self::RuntimeInfo(info)
            }
            Err(rejection) => Self::Rejection(rejection),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Outcome(_) | Self::RuntimeInfo(_) => 200,
            Self::Rejection(rejection) => match rejection {
                Rejection::Refused(refusal) => refusal.error_type().status(),
                Rejection::InvalidLimit { .. } => 422,
                Rejection::Internal(_) => 500,
                Rejection::Overloaded { .. } | Rejection::Unavailable(_) => 503,
            },
        }
    }

    /// The JSON of it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Strings and numbers always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The answer of a JSON body; `None` if it is nothing of the protocol.
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        Some(match serde_json::from_slice(body).ok()? {
            Body::Outcome(outcome) => Self::Outcome(outcome.into()),
            Body::Rejection(rejection) => Self::Rejection(rejection.into()),
            Body::RuntimeInfo(info) => Self::RuntimeInfo(info.into_owned()),
        })
    }
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = match self {
            Self::Outcome(outcome) => Body::Outcome(outcome.into()),
            Self::Rejection(rejection) => Body::Rejection(rejection.into()),
            Self::RuntimeInfo(info) => Body::RuntimeInfo(Cow::Borrowed(info)),
        };
        body.serialize(serializer)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body<'a> {
    Outcome(OutcomeBody<'a>),
    Rejection(RejectionBody<'a>),
    RuntimeInfo(Cow<'a, RuntimeInfo>),
}

#[derive(Serialize, Deserialize)]
struct OutcomeBody<'a> {
    completion: CompletionBody<'a>,
    stdout: Bytes<'a>,
    stderr: Bytes<'a>,
    #[serde(default)]
    display: Vec<ItemBody<'a>>,
    truncated: Truncated,
    usage: UsageBody,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CompletionBody<'a> {
    Value(Cow<'a, str>),
    Exited(i32),
    Fault(Cow<'a, Fault>),
}

/// An item as the contract has it: bytes, whatever its type.
#[derive(Serialize, Deserialize)]
struct ItemBody<'a> {
    mime: Cow<'a, str>,
    data: Bytes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct UsageBody {
    duration_us: u64,
    fuel: u64,
    memory_bytes: u64,
    #[serde(skip_deserializing)]
    memory_pages: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RejectionBody<'a> {
    InvalidLimit(InvalidLimit),
    Overloaded { retry_after_ms: u64 },
    Unavailable(Cow<'a, str>),
    Internal(Cow<'a, str>),
}

/// Bytes that may be anything.
struct Bytes<'a>(Cow<'a, [u8]>);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Base64(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
        Ok(Self(Cow::Owned(bytes)))
    }
}

impl<'a> From<&'a Outcome> for OutcomeBody<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let usage = outcome.usage;
        Self {
            completion: match &outcome.completion {
                Completion::Value(json) => CompletionBody::Value(json.get().into()),
                Completion::Exited(code) => CompletionBody::Exited(*code),
                Completion::Fault(fault) => CompletionBody::Fault(Cow::Borrowed(fault)),
            },
            stdout: Bytes(Cow::Borrowed(&outcome.stdout)),
            stderr: Bytes(Cow::Borrowed(&outcome.stderr)),
            display: outcome
                .display
                .iter()
                .map(|item| ItemBody {
                    mime: item.mime.as_str().into(),
                    data: Bytes(Cow::Borrowed(&item.data)),
                    alt: item.alt.as_deref().map(Cow::Borrowed),
                })
                .collect(),
            truncated: outcome.truncated,
            usage: UsageBody {
                duration_us: usage.duration_us(),
                fuel: usage.fuel,
                memory_bytes: usage.memory_bytes,
                memory_pages: usage.memory_pages(),
            },
        }
    }
}

impl From<OutcomeBody<'_>> for Outcome {
    fn from(body: OutcomeBody<'_>) -> Self {
        let item = |item: ItemBody<'_>| DisplayItem {
            mime: item.mime.into_owned(),
            data: item.data.0.into_owned(),
            alt: item.alt.map(Cow::into_owned),
        };
        Self {
            completion: match body.completion {
                CompletionBody::Value(text) => Completion::value(text.into_owned()),
                CompletionBody::Exited(code) => Completion::Exited(code),
                CompletionBody::Fault(fault) => Completion::Fault(fault.into_owned()),
            },
            stdout: body.stdout.0.into_owned(),
            stderr: body.stderr.0.into_owned(),
            display: body.display.into_iter().map(item).collect(),
            truncated: body.truncated,
            usage: Usage {
                duration: Duration::from_micros(body.usage.duration_us),
                fuel: body.usage.fuel,
                memory_bytes: body.usage.memory_bytes,
            },
        }
    }
}

impl<'a> From<&'a Rejection> for RejectionBody<'a> {
    fn from(rejection: &'a Rejection) -> Self {
        match rejection {
            Rejection::InvalidLimit(limit) => Self::InvalidLimit(*limit),
            Rejection::Overloaded { retry_after } => Self::Overloaded {
                retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX),
            },
            Rejection::Unavailable(reason) => Self::Unavailable(reason.into()),
            // Told as an error of the protocol where there is a status; here it is our mistake.
            Rejection::Refused(refusal) => Self::Internal(refusal.to_string().into()),
            Rejection::Internal(reason) => Self::Internal(reason.into()),
        }
    }
}

impl From<RejectionBody<'_>> for Rejection {
    fn from(body: RejectionBody<'_>) -> Self {
        match body {
            RejectionBody::InvalidLimit(limit) => Self::InvalidLimit(limit),
            RejectionBody::Overloaded { retry_after_ms } => Self::Overloaded {
                retry_after: Duration::from_millis(retry_after_ms),
            },
            RejectionBody::Unavailable(reason) => Self::Unavailable(reason.into_owned()),
            RejectionBody::Internal(reason) => Self::Internal(reason.into_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
