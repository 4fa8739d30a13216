//! From how a run ended to what its author is told: the same words as natively, where they are in
//! `host/src/sandbox/verdict.rs`. The conformance cases compare the two.

use crate::bindings::belljar::sandbox::types::{Completion, Fault, FaultKind};
use crate::door::FAULT_BYTES;
use crate::limits::{Limit, Values};
use crate::result;
use crate::run::{Answer, Ending};
use alloc::format;
use alloc::string::String;
use belljar_surface::{Stop, Stream};
use serde::Deserialize;

/// What a verdict depends on besides the ending.
pub(crate) struct Verdict<'a> {
    pub(crate) is_program: bool,
    pub(crate) limits: &'a Values,
    pub(crate) maximum: &'a Values,
    pub(crate) result_bytes: u64,
    /// The stream that went over its limit.
    pub(crate) exceeded: Option<Stream>,
    /// Whether the interpreter was refused memory.
    pub(crate) memory_refused: bool,
}

/// A fault as the harness reports it.
#[derive(Deserialize)]
struct Reported {
    kind: String,
    message: String,
    traceback: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    exit_code: Option<i32>,
    /// Memory was what the script lacked, or may have been: only we know if any was refused.
    #[serde(default)]
    out_of_memory: bool,
}

impl Verdict<'_> {
    /// How the run ended, for its author.
    pub(crate) fn completion(&self, ending: Ending) -> Completion {
        // A script that catches what stopped it has still gone over its limit.
        if let Some(stream) = self.exceeded {
            return Completion::Fault(self.output_exceeded(stream));
        }
        match ending {
            Ending::Returned(Some(answer)) => self.answered(answer),
            Ending::Returned(None) => Completion::Fault(self.crash("it gave no answer")),
            Ending::Stopped(Stop::Exit(code)) => self.exited(code),
            Ending::Stopped(Stop::Interrupted(_)) => {
                let ms = self.limits.timeout_ms;
                let message = format!("The script ran longer than its limit of {ms} ms");
                Completion::Fault(self.limit(FaultKind::Timeout, message, Limit::TimeoutMs))
            }
            Ending::Stopped(Stop::OutputExceeded(stream)) => {
                Completion::Fault(self.output_exceeded(stream))
            }
            Ending::Stopped(Stop::AnswerTooLarge(bytes)) => {
                // What is below a result's limit was over that of a fault.
                let (what, limit) = match bytes as u64 > self.result_bytes {
                    true => ("result", self.result_bytes),
                    false => ("fault", FAULT_BYTES),
                };
                let message = format!(
                    "The {what} has {bytes} bytes of JSON, the limit is {limit}. \
                     Return less, for example a summary"
                );
                Completion::Fault(fault(FaultKind::ResultTooLarge, message))
            }
            Ending::Stopped(Stop::OutOfFuel) => {
                let fuel = self.limits.fuel;
                let message = format!("The script used up its limit of {fuel} units of fuel");
                Completion::Fault(self.limit(FaultKind::FuelExhausted, message, Limit::Fuel))
            }
            Ending::Failed => Completion::Fault(self.crash("it trapped")),
        }
    }

    /// What the harness hands over is what this mode can end with. Anything else a script has forged.
    fn answered(&self, answer: Answer) -> Completion {
        let completion = match (answer, self.is_program) {
            (Answer::Value(json), false) => result::checked(json).map(Completion::Value),
            (Answer::Exited(code), true) => core::str::from_utf8(&code)
                .ok()
                .and_then(|code| code.parse().ok())
                .map(Completion::Exited),
            (Answer::Fault(json), _) => serde_json::from_slice(&json)
                .ok()
                .and_then(|reported| self.refine(reported))
                .map(Completion::Fault),
            _ => None,
        };
        completion.unwrap_or_else(|| Completion::Fault(self.crash("its answer was not valid")))
    }

    /// `None` for a kind that the harness does not report.
    fn refine(&self, reported: Reported) -> Option<Fault> {
        let Reported {
            traceback, line, ..
        } = reported;
        // Any of the names will do for what is told otherwise, but it must be one.
        let kind = kind(&reported.kind)?;
        if reported.out_of_memory && self.memory_refused {
            let what = "MemoryError: the script needs more memory than its limit";
            return Some(Fault {
                traceback,
                line,
                ..self.memory_exceeded(what)
            });
        }
        let Reportable::Kind(kind) = kind else {
            return Some(self.crash("it could not report what happened"));
        };
        Some(Fault {
            kind,
            message: reported.message,
            traceback,
            line,
            column: reported.column,
            exit_code: reported.exit_code,
        })
    }

    fn exited(&self, code: i32) -> Completion {
        if self.is_program {
            return Completion::Exited(code);
        }
        let message = format!("Script exited with code {code}");
        Completion::Fault(Fault {
            exit_code: Some(code),
            ..fault(FaultKind::Exit, message)
        })
    }

    fn output_exceeded(&self, stream: Stream) -> Fault {
        let stream = match stream {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        };
        let bytes = self.limits.output_bytes;
        let message = format!("The script wrote more than its limit of {bytes} bytes to {stream}");
        self.limit(FaultKind::OutputExceeded, message, Limit::OutputBytes)
    }

    fn memory_exceeded(&self, what: &str) -> Fault {
        let message = format!("{what} of {} bytes", self.limits.memory_bytes);
        self.limit(FaultKind::MemoryExceeded, message, Limit::MemoryBytes)
    }

    /// The limit is below what the interpreter has from the start.
    pub(crate) fn too_little_memory(&self, snapshot_bytes: u64) -> Fault {
        let what = format!("The interpreter alone has {snapshot_bytes} bytes, over the limit");
        self.memory_exceeded(&what)
    }

    fn crash(&self, how: &str) -> Fault {
        if self.memory_refused {
            return self.memory_exceeded("The script needs more memory than its limit");
        }
        fault(FaultKind::Crashed, format!("The sandbox crashed: {how}"))
    }

    fn limit(&self, kind: FaultKind, message: String, limit: Limit) -> Fault {
        let maximum = self.maximum.get(limit);
        let advice = if self.limits.get(limit) < maximum {
            format!(". Ask for more with limits.{limit}, up to {maximum}")
        } else {
            format!(". This is the most that limits.{limit} allows here")
        };
        fault(kind, message + &advice)
    }
}

fn fault(kind: FaultKind, message: String) -> Fault {
    Fault {
        kind,
        message,
        traceback: None,
        line: None,
        column: None,
        exit_code: None,
    }
}

/// What the harness may report.
enum Reportable {
    Kind(FaultKind),
    /// A failure of its own.
    Internal,
}

fn kind(name: &str) -> Option<Reportable> {
    Some(Reportable::Kind(match name {
        "syntax_error" => FaultKind::SyntaxError,
        "missing_main" => FaultKind::MissingMain,
        "exception" => FaultKind::Exception,
        "exit" => FaultKind::Exit,
        "not_serializable" => FaultKind::NotSerializable,
        "internal" => return Some(Reportable::Internal),
        // That a limit was reached, or that someone cancelled, only the host can know.
        _ => return None,
    }))
}
