//! The JSON bodies of the HTTP API and of `belljar run`.

use crate::{Completion, DisplayItem, ErrorType, Lossy, Outcome, Truncated, Usage};
use alloc::vec::Vec;
use serde::Serialize;
use serde_json::value::RawValue;

/// The body for an outcome. Keys that do not apply are left out; output that is not UTF-8 has U+FFFD
/// in place of what is not.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    /// Function mode: what `main` returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// Program mode: the exit code. Also of a fault that is an exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    stdout: Lossy<'a>,
    stderr: Lossy<'a>,
    /// Of an error: its request, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// Left out where nothing was displayed: most scripts display nothing.
    #[serde(skip_serializing_if = "<[DisplayItem]>::is_empty")]
    display: &'a [DisplayItem],
    usage: UsageBody,
    truncated: Truncated,
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
            // Exact up to 285 years.
            duration_ms: usage.duration_us() as f64 / 1000.0,
            fuel: usage.fuel,
            memory_bytes: usage.memory_bytes,
            memory_pages: usage.memory_pages(),
        }
    }
}

impl<'a> Body<'a> {
    /// The body for an outcome, of the request with this id where it has one.
    #[must_use]
    pub fn new(outcome: &'a Outcome, request_id: Option<&'a str>) -> Self {
        let fault = match &outcome.completion {
            Completion::Fault(fault) => Some(fault),
            _ => None,
        };
        Self {
            result: match &outcome.completion {
                Completion::Value(value) => Some(value),
                _ => None,
            },
            error: fault.map(|fault| fault.message.as_str()),
            error_type: fault.map(|fault| fault.kind.name()),
            traceback: fault.and_then(|fault| fault.traceback.as_deref()),
            line: fault.and_then(|fault| fault.line),
            column: fault.and_then(|fault| fault.column),
            exit_code: match &outcome.completion {
                Completion::Exited(code) => Some(*code),
                _ => fault.and_then(|fault| fault.exit_code),
            },
            stdout: Lossy(&outcome.stdout),
            stderr: Lossy(&outcome.stderr),
            request_id: fault.and(request_id),
            display: &outcome.display,
            usage: outcome.usage.into(),
            truncated: outcome.truncated,
        }
    }
}

/// The body for a request that was refused, or that nothing could run. It has the keys of a script's
/// fault, so that clients need not tell the two apart: output is empty where nothing ran.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorBody<'a> {
    error: &'a str,
    error_type: &'static str,
    stdout: &'static str,
    stderr: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl<'a> ErrorBody<'a> {
    /// The JSON of it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Strings always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The body for an error with this message, of the request with this id where it has one.
    #[must_use]
    pub const fn new(error_type: ErrorType, message: &'a str, request_id: Option<&'a str>) -> Self {
        Self {
            error: message,
            error_type: error_type.name(),
            stdout: "",
            stderr: "",
            request_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fault, FaultKind};
    use core::time::Duration;

    fn json(completion: Completion, request_id: Option<&str>) -> std::string::String {
        let outcome = Outcome {
            stdout: b"out\xff".to_vec(),
            truncated: Truncated {
                stdout: true,
                ..Truncated::default()
            },
            usage: Usage {
                duration: Duration::from_nanos(114_999),
                fuel: 20,
                memory_bytes: 131_072,
            },
            ..Outcome::bare(completion)
        };
        serde_json::to_string(&Body::new(&outcome, request_id)).unwrap()
    }

    const REST: &str = "\"stdout\":\"out\u{fffd}\",\"stderr\":\"\",\"usage\":{\"duration_ms\":0.114,\
                        \"fuel\":20,\"memory_bytes\":131072,\"memory_pages\":2},\
                        \"truncated\":[\"stdout\"]}";

    #[test]
    fn a_body_says_only_what_applies() {
        let value = json(Completion::value("[1e400]".into()), Some("id"));
        assert_eq!(value, std::format!("{{\"result\":[1e400],{REST}"));
        let exited = json(Completion::Exited(3), Some("id"));
        assert_eq!(exited, std::format!("{{\"exit_code\":3,{REST}"));
        let fault = Fault {
            line: Some(2),
            ..Fault::new(FaultKind::Exception, "m")
        };
        let expected = "{\"error\":\"m\",\"error_type\":\"exception\",\"line\":2,";
        let failed = json(Completion::Fault(fault.clone()), None);
        assert_eq!(failed, std::format!("{expected}{REST}"));
        let named = json(Completion::Fault(fault), Some("id"));
        let rest = REST.replace("\"usage\"", "\"request_id\":\"id\",\"usage\"");
        assert_eq!(named, std::format!("{expected}{rest}"));
    }

    #[test]
    fn every_error_has_the_keys_of_a_fault() {
        let body = ErrorBody::new(ErrorType::NotFound, "m", Some("id"));
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"error":"m","error_type":"not_found","stdout":"","stderr":"","request_id":"id"}"#
        );
    }
}
