//! From the outcome of a run to the body that tells it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::contract::{Completion, Fault, FaultKind, Outcome, OutputStreams, Usage};
use crate::display::Item;
use crate::error::ErrorType;
use crate::http::Response;

/// Room for everything in a body but the texts of the script.
const BODY_OVERHEAD: usize = 256;

/// The answer that tells an outcome.
pub(crate) fn to(outcome: &Outcome) -> Response {
    let Outcome {
        completion,
        stdout,
        stderr,
        display,
        truncated,
        usage,
    } = outcome;
    let run = Run {
        stdout: String::from_utf8_lossy(stdout),
        stderr: String::from_utf8_lossy(stderr),
        display: display.iter().map(Item::new).collect(),
        usage: UsageBody::new(*usage),
        truncated: names(*truncated),
    };
    let shown: usize = display.iter().map(|item| item.data.len()).sum();
    // Base64 takes four characters for three bytes.
    let size = BODY_OVERHEAD + stdout.len() + stderr.len() + shown / 3 * 4;
    match completion {
        Completion::Value(text) => match serde_json::from_str::<&RawValue>(text) {
            Ok(result) => Response::json(200, size + text.len(), &Value { result, run }),
            // Only a script that broke out of its interpreter could make its sandbox say that.
            Err(_) => fault(&nonsense(), run, size),
        },
        Completion::Exited(exit_code) => Response::json(
            200,
            size,
            &Exited {
                exit_code: *exit_code,
                run,
            },
        ),
        Completion::Fault(why) => fault(why, run, size),
    }
}

fn fault(fault: &Fault, run: Run<'_>, size: usize) -> Response {
    let error_type = ErrorType::Script(fault.kind);
    let size = size + fault.message.len() + fault.traceback.as_ref().map_or(0, String::len);
    let body = Failure {
        error: &fault.message,
        error_type: error_type.name(),
        traceback: fault.traceback.as_deref(),
        line: fault.line,
        column: fault.column,
        exit_code: fault.exit_code,
        run,
    };
    Response::json(error_type.status(), size, &body)
}

fn nonsense() -> Fault {
    Fault {
        kind: FaultKind::Crashed,
        message: "the sandbox gave a result that is not JSON".to_owned(),
        traceback: None,
        line: None,
        column: None,
        exit_code: None,
    }
}

fn names(streams: OutputStreams) -> Vec<&'static str> {
    let all = [
        (OutputStreams::STDOUT, "stdout"),
        (OutputStreams::STDERR, "stderr"),
        (OutputStreams::DISPLAY, "display"),
    ];
    all.into_iter()
        .filter(|(stream, _)| streams.contains(*stream))
        .map(|(_, name)| name)
        .collect()
}

#[derive(Serialize)]
struct Value<'a> {
    /// The text that the sandbox gave, spliced in: never decoded, so nothing is rounded.
    result: &'a RawValue,
    #[serde(flatten)]
    run: Run<'a>,
}

#[derive(Serialize)]
struct Exited<'a> {
    exit_code: i32,
    #[serde(flatten)]
    run: Run<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: &'a str,
    error_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    #[serde(flatten)]
    run: Run<'a>,
}

/// What every run leaves, however it ended.
#[derive(Serialize)]
struct Run<'a> {
    stdout: Cow<'a, str>,
    stderr: Cow<'a, str>,
    /// Left out where nothing was displayed: most scripts display nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    display: Vec<Item<'a>>,
    usage: UsageBody,
    truncated: Vec<&'static str>,
}

#[derive(Serialize)]
struct UsageBody {
    duration_ms: f64,
    fuel: u64,
    memory_bytes: u64,
    memory_pages: u64,
}

impl UsageBody {
    fn new(usage: Usage) -> Self {
        Self {
            // Exact up to 285 years.
            duration_ms: usage.duration_us as f64 / 1000.0,
            fuel: usage.fuel,
            memory_bytes: usage.memory_bytes,
            memory_pages: usage.memory_pages,
        }
    }
}
