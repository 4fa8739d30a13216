//! From how a run ended to what its author is told.

use super::answer::{Answer, Reported, ScriptDoor};
use super::result;
use crate::limits::{EffectiveLimits, FAULT_BYTES, Limit, Maxima, RESULT_BYTES};
use crate::{Completion, Fault, FaultKind, Mode, Outcome, Truncated, Usage};
use belljar_engine::{Cause, Output, Stop, Stream};
use std::time::Duration;
use wasmtime::Trap;

/// How a run ended, as far as the engine can tell.
#[derive(Debug)]
pub(super) enum Ending {
    /// The interpreter returned, with or without an answer.
    Returned(Option<Answer>),
    /// The host ended it.
    Stopped(Stop),
    /// The engine ended it.
    Trapped(Trap),
    /// Something else went wrong.
    Failed,
}

impl Ending {
    pub(super) fn of(ended: wasmtime::Result<i32>, answer: Option<Answer>) -> Self {
        let error = match ended {
            Ok(_) => return Self::Returned(answer),
            Err(error) => error,
        };
        if let Some(stop) = error.downcast_ref::<Stop>() {
            return Self::Stopped(*stop);
        }
        match error.downcast_ref::<Trap>() {
            Some(trap) => Self::Trapped(*trap),
            None => Self::Failed,
        }
    }
}

/// All that the message to the author depends on.
pub(super) struct Verdict<'a> {
    pub(super) mode: Mode,
    pub(super) limits: &'a EffectiveLimits,
    pub(super) maxima: &'a Maxima,
    /// The script asked for more memory than its limit, at some time.
    pub(super) memory_refused: bool,
    /// The stream that went over its limit.
    pub(super) exceeded: Option<Stream>,
    /// The meter has nothing left. It stops a run by a trap.
    pub(super) out_of_fuel: bool,
    /// Someone asked the run to stop, which makes the meter do the same.
    pub(super) interrupted: Option<Cause>,
}

impl Verdict<'_> {
    /// All that came of a run; takes what was written and displayed.
    pub(super) fn outcome(
        &self,
        ending: Ending,
        output: &mut Output,
        door: &mut ScriptDoor,
        usage: Usage,
    ) -> Outcome {
        let shown = std::mem::take(&mut door.shown);
        Outcome {
            completion: self.completion(ending),
            stdout: std::mem::take(&mut output.stdout),
            stderr: std::mem::take(&mut output.stderr),
            display: shown.items,
            truncated: Truncated {
                stdout: output.exceeded == Some(Stream::Stdout),
                stderr: output.exceeded == Some(Stream::Stderr),
                display: shown.is_cut,
            },
            usage,
        }
    }

    pub(super) fn completion(&self, ending: Ending) -> Completion {
        // A script that catches what the host raised through a stream has still gone over its
        // limit: the limit decides.
        if let Some(stream) = self.exceeded {
            return Completion::Fault(self.output_exceeded(stream));
        }
        match ending {
            Ending::Returned(Some(answer)) => self.answered(answer),
            Ending::Returned(None) => Completion::Fault(self.crash("it gave no answer")),
            Ending::Stopped(Stop::Exit(code)) => self.exited(code),
            Ending::Stopped(Stop::Interrupted(cause)) => Completion::Fault(self.interrupted(cause)),
            Ending::Stopped(Stop::OutputExceeded(stream)) => {
                Completion::Fault(self.output_exceeded(stream))
            }
            Ending::Stopped(Stop::AnswerTooLarge(bytes)) => {
                // What is below a result's limit was over that of a fault.
                let (what, limit) = match bytes > RESULT_BYTES {
                    true => ("result", RESULT_BYTES),
                    false => ("fault", FAULT_BYTES),
                };
                let message = format!(
                    "The {what} has {bytes} bytes of JSON, the limit is {limit}. \
                     Return less, for example a summary"
                );
                Completion::Fault(fault(FaultKind::ResultTooLarge, message))
            }
            Ending::Stopped(Stop::OutOfFuel) => Completion::Fault(self.fuel_exhausted()),
            // A check of the meter. If both hold, fuel decides, because it does so on every run.
            Ending::Trapped(Trap::UnreachableCodeReached) if self.out_of_fuel => {
                Completion::Fault(self.fuel_exhausted())
            }
            Ending::Trapped(Trap::UnreachableCodeReached) if let Some(cause) = self.interrupted => {
                Completion::Fault(self.interrupted(cause))
            }
            Ending::Trapped(Trap::StackOverflow) => {
                let message = "The script used up the sandbox's stack: something recurses or \
                               nests too deeply. The stack's size is fixed";
                Completion::Fault(fault(FaultKind::StackOverflow, message.to_owned()))
            }
            Ending::Trapped(_) | Ending::Failed => Completion::Fault(self.crash("it trapped")),
        }
    }

    /// What the harness hands over is what this mode can end with. Anything else a script has forged.
    fn answered(&self, answer: Answer) -> Completion {
        let completion = match (answer, self.mode) {
            (Answer::Value(json), Mode::Function) => result::checked(json).map(Completion::Value),
            (Answer::Exited(code), Mode::Program) => std::str::from_utf8(&code)
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

    /// An uncaught `MemoryError` is our limit's doing if the host refused memory before. And what
    /// the harness calls its own failure came about under the script's hands: to everyone else it
    /// is a sandbox that crashed. `None` for what only the host can know: that a limit was reached,
    /// or that someone cancelled.
    fn refine(&self, reported: Reported) -> Option<Fault> {
        let Reported {
            kind,
            message,
            traceback,
            line,
            column,
            exit_code,
            out_of_memory,
        } = reported;
        if out_of_memory && self.memory_refused {
            let limit =
                self.memory_exceeded("MemoryError: the script needs more memory than its limit");
            return Some(Fault {
                traceback,
                line,
                ..limit
            });
        }
        match kind {
            FaultKind::Internal => Some(self.crash("it could not report what happened")),
            FaultKind::SyntaxError
            | FaultKind::MissingMain
            | FaultKind::Exception
            | FaultKind::Exit
            | FaultKind::NotSerializable => Some(Fault {
                kind,
                message,
                traceback,
                line,
                column,
                exit_code,
            }),
            _ => None,
        }
    }

    fn fuel_exhausted(&self) -> Fault {
        let fuel = self.limits.fuel;
        let message = format!("The script used up its limit of {fuel} units of fuel");
        self.limit(FaultKind::FuelExhausted, message, Limit::Fuel)
    }

    fn interrupted(&self, cause: Cause) -> Fault {
        match cause {
            Cause::Timeout => {
                let ms = self.limits.timeout_ms;
                let message = format!("The script ran longer than its limit of {ms} ms");
                self.limit(FaultKind::Timeout, message, Limit::TimeoutMs)
            }
            Cause::Cancelled => cancelled(),
        }
    }

    /// `os._exit` and the like end the sandbox before the harness can answer.
    fn exited(&self, code: i32) -> Completion {
        match self.mode {
            Mode::Program => Completion::Exited(code),
            Mode::Function => Completion::Fault(Fault {
                exit_code: Some(code),
                ..fault(FaultKind::Exit, format!("Script exited with code {code}"))
            }),
        }
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

    /// The outcome of a script whose limit does not even hold the interpreter.
    pub(super) fn too_little_memory(&self, snapshot_bytes: u64) -> Outcome {
        let what = format!("The interpreter alone has {snapshot_bytes} bytes, over the limit");
        never_started(self.memory_exceeded(&what))
    }

    /// The sandbox failed. Without memory the interpreter gives up in many ways, all of which end
    /// here; they are the limit's doing.
    fn crash(&self, how: &str) -> Fault {
        if self.memory_refused {
            return self.memory_exceeded("The script needs more memory than its limit");
        }
        fault(FaultKind::Crashed, format!("The sandbox crashed: {how}"))
    }

    /// A limit that was hit, and how to raise it if that is allowed.
    fn limit(&self, kind: FaultKind, message: String, limit: Limit) -> Fault {
        let maximum = self.maxima.maximum.get(limit);
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

/// The fault of what nobody waits for any more.
pub(super) fn cancelled() -> Fault {
    fault(
        FaultKind::Cancelled,
        "The execution was cancelled".to_owned(),
    )
}

/// The outcome of a script that failed before it had a sandbox.
pub(super) fn never_started(fault: Fault) -> Outcome {
    Outcome {
        completion: Completion::Fault(fault),
        stdout: Vec::new(),
        stderr: Vec::new(),
        display: Vec::new(),
        truncated: Truncated::default(),
        usage: Usage {
            duration: Duration::ZERO,
            fuel: 0,
            memory_bytes: 0,
        },
    }
}
