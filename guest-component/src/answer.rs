//! From the outcome of a run to the body that tells it.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::contract::{
    Completion, DisplayItem, Fault, FaultKind, Mode, Outcome, OutputStreams, Usage,
};
use crate::display::Item;
use crate::error::ErrorType;
use crate::http::Response;
use crate::written::{Counter, Lossy, Tail};

/// The most of a script's that is kept as a body: as JSON at most six times as much. What is longer is
/// written as it is sent.
const KEPT_BYTES: usize = 64 * 1024;

/// Room for everything in a body but what is the script's.
const BODY_OVERHEAD: usize = 256;

/// An outcome to be told.
#[derive(Clone, Debug)]
pub struct Answer {
    ended: Ended,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    display: Vec<DisplayItem>,
    truncated: OutputStreams,
    usage: Usage,
}

#[derive(Clone, Debug)]
enum Ended {
    /// The text that the sandbox gave, known to be JSON: never decoded, so nothing is rounded.
    Value(Box<RawValue>),
    Exited(i32),
    Fault(Fault),
}

impl Answer {
    /// The answer that tells an outcome of a program of this mode.
    pub(crate) fn new(mode: Mode, outcome: Outcome) -> Self {
        let Outcome {
            completion,
            stdout,
            stderr,
            display,
            truncated,
            usage,
        } = outcome;
        // Only a script that broke out of its interpreter could make its sandbox say what makes no
        // sense.
        let nonsense = |message| Ended::Fault(nonsense(message));
        let ended = match (mode, completion) {
            (Mode::Function, Completion::Value(text)) => match RawValue::from_string(text) {
                Ok(result) => Ended::Value(result),
                Err(_) => nonsense("the sandbox gave a result that is not JSON"),
            },
            (Mode::Program, Completion::Exited(exit_code)) => Ended::Exited(exit_code),
            (_, Completion::Fault(fault)) => Ended::Fault(fault),
            (Mode::Function, Completion::Exited(_)) => {
                nonsense("the sandbox gave an exit status instead of a result")
            }
            (Mode::Program, Completion::Value(_)) => {
                nonsense("the sandbox gave a result instead of an exit status")
            }
        };
        Self {
            ended,
            stdout,
            stderr,
            display,
            truncated,
            usage,
        }
    }

    /// Its status, where there is nothing before it.
    fn status(&self) -> u16 {
        match &self.ended {
            Ended::Value(_) | Ended::Exited(_) => 200,
            Ended::Fault(fault) => ErrorType::Script(fault.kind).status(),
        }
    }

    /// How much of it is the script's.
    fn size(&self) -> usize {
        let ended = match &self.ended {
            Ended::Value(result) => result.get().len(),
            Ended::Exited(_) => 0,
            Ended::Fault(fault) => {
                fault.message.len() + fault.traceback.as_ref().map_or(0, String::len)
            }
        };
        let shown = self.display.iter().map(|item| {
            let alt = item.alt.as_ref().map_or(0, String::len);
            item.mime.len() + item.data.len() + alt
        });
        ended + self.stdout.len() + self.stderr.len() + shown.sum::<usize>()
    }

    /// Writes it as JSON, never more at a time than a piece of it.
    pub(crate) fn write(&self, out: impl io::Write) -> io::Result<()> {
        let run = Run {
            stdout: Lossy(&self.stdout),
            stderr: Lossy(&self.stderr),
            display: self.display.iter().map(Item::new).collect(),
            usage: UsageBody::new(self.usage),
            truncated: names(self.truncated),
        };
        let written = match &self.ended {
            Ended::Value(result) => serde_json::to_writer(out, &Value { result, run }),
            Ended::Exited(exit_code) => {
                let exit_code = *exit_code;
                serde_json::to_writer(out, &Exited { exit_code, run })
            }
            Ended::Fault(fault) => {
                let body = Failure {
                    error: &fault.message,
                    error_type: ErrorType::Script(fault.kind).name(),
                    traceback: fault.traceback.as_deref(),
                    line: fault.line,
                    column: fault.column,
                    exit_code: fault.exit_code,
                    run,
                };
                serde_json::to_writer(out, &body)
            }
        };
        // A body is made of strings and numbers: all that can fail is the writing.
        Ok(written?)
    }

    /// It as a response.
    pub(crate) fn into_response(self) -> Response {
        let (status, size) = (self.status(), self.size());
        if size <= KEPT_BYTES {
            let mut text = Vec::with_capacity(BODY_OVERHEAD + size + size / 3);
            self.write(&mut text).expect("memory takes every write");
            return Response::empty(status).with_body("application/json", text);
        }
        let mut counter = Counter::default();
        self.write(&mut counter)
            .expect("counting takes every write");
        let mut response = Response::empty(status).with_header("content-type", "application/json");
        response.tail = Some(Tail::Answer(Box::new(self), counter.0));
        response
    }
}

fn nonsense(message: &str) -> Fault {
    Fault {
        kind: FaultKind::Crashed,
        message: message.to_owned(),
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
    stdout: Lossy<'a>,
    stderr: Lossy<'a>,
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
