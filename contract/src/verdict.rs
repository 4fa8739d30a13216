//! From how a run ended to what its author is told.

use crate::caps::{FAULT_BYTES, RESULT_BYTES};
use crate::delivery::Reported;
use crate::{
    Answer, AnswerTooLarge, Completion, DisplayCollector, Fault, FaultKind, Limit, LimitValues,
    Mode, Outcome, Stream, Truncated, Usage, result,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The reason why the code around a sandbox ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The script asked the operating system to end it, with this code.
    Exit(i32),
    /// Its time is over.
    Timeout,
    /// Its fuel is used up.
    FuelExhausted,
    /// A stream went over its limit.
    OutputExceeded(Stream),
    /// Its answer went over its limit.
    AnswerTooLarge(AnswerTooLarge),
    /// Nobody waits for it any more.
    Cancelled,
}

/// The end of a run, as the code around the sandbox saw it.
#[derive(Debug)]
pub enum Ending {
    /// The interpreter returned, with or without an answer.
    Returned(Option<Answer>),
    /// The code around the sandbox ended it.
    Stopped(Stop),
    /// The native stack was used up.
    StackOverflow,
    /// It trapped, or something else went wrong.
    Trapped,
}

/// All that the message to the author depends on.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'a> {
    /// The mode in which the script was run.
    pub mode: Mode,
    /// The limits of the run.
    pub limits: &'a LimitValues,
    /// The most that it could have asked for.
    pub maximum: &'a LimitValues,
    /// The script asked for more memory than its limit, at some time.
    pub memory_refused: bool,
    /// The stream that went over its limit.
    pub exceeded: Option<Stream>,
}

impl<'a> Verdict<'a> {
    /// A verdict on a run that has not begun.
    #[must_use]
    pub fn new(mode: Mode, limits: &'a LimitValues, maximum: &'a LimitValues) -> Self {
        Self {
            mode,
            limits,
            maximum,
            memory_refused: false,
            exceeded: None,
        }
    }

    /// The outcome of a run that ended like this, with what it wrote to its two streams, displayed
    /// and used.
    #[must_use]
    pub fn outcome(
        &self,
        ending: Ending,
        [stdout, stderr]: [Vec<u8>; 2],
        display: DisplayCollector,
        usage: Usage,
    ) -> Outcome {
        Outcome {
            completion: self.completion(ending),
            stdout,
            stderr,
            truncated: Truncated::new(self.exceeded, display.is_cut()),
            display: display.into_items(),
            usage,
        }
    }

    /// The end of the run, for its author.
    #[must_use]
    pub fn completion(&self, ending: Ending) -> Completion {
        // A script that catches what the host raised through a stream has still gone over its
        // limit: the limit decides.
        if let Some(stream) = self.exceeded {
            return Completion::Fault(self.output_exceeded(stream));
        }
        match ending {
            Ending::Returned(Some(answer)) => self.answered(answer),
            Ending::Returned(None) => Completion::Fault(self.crash("it gave no answer")),
            Ending::Stopped(stop) => self.stopped(stop),
            Ending::StackOverflow => {
                let message = "The script used up the sandbox's stack: something recurses or \
                               nests too deeply. The stack's size is fixed";
                Completion::Fault(Fault::new(FaultKind::StackOverflow, message))
            }
            Ending::Trapped => Completion::Fault(self.crash("it trapped")),
        }
    }

    fn stopped(&self, stop: Stop) -> Completion {
        Completion::Fault(match stop {
            Stop::Exit(code) => return self.exited(code),
            Stop::Timeout => {
                let ms = self.limits.timeout_ms;
                let message = format!("The script ran longer than its limit of {ms} ms");
                self.limit(message, Limit::TimeoutMs)
            }
            Stop::FuelExhausted => {
                let fuel = self.limits.fuel;
                let message = format!("The script used up its limit of {fuel} units of fuel");
                self.limit(message, Limit::Fuel)
            }
            Stop::OutputExceeded(stream) => self.output_exceeded(stream),
            Stop::AnswerTooLarge(AnswerTooLarge { bytes }) => {
                // What is below a result's limit was over that of a fault.
                let (what, limit) = match bytes > RESULT_BYTES {
                    true => ("result", RESULT_BYTES),
                    false => ("fault", FAULT_BYTES),
                };
                let message = format!(
                    "The {what} has {bytes} bytes of JSON, the limit is {limit}. \
                     Return less, for example a summary"
                );
                Fault::new(FaultKind::ResultTooLarge, message)
            }
            Stop::Cancelled => Fault::new(FaultKind::Cancelled, "The execution was cancelled"),
        })
    }

    /// The completion of an answer, if it is one with which this mode can end. Anything else a script
    /// has forged.
    fn answered(&self, answer: Answer) -> Completion {
        let completion = match (answer, self.mode) {
            (Answer::Value(json), Mode::Function) => result::checked(json).map(Completion::Value),
            (Answer::Exited(code), Mode::Program) => str::from_utf8(&code)
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
        if kind == FaultKind::Internal {
            return Some(self.crash("it could not report what happened"));
        }
        kind.is_reported().then_some(Fault {
            kind,
            message,
            traceback,
            line,
            column,
            exit_code,
        })
    }

    /// `os._exit` and the like end the sandbox before the harness can answer.
    fn exited(&self, code: i32) -> Completion {
        match self.mode {
            Mode::Program => Completion::Exited(code),
            Mode::Function => Completion::Fault(Fault {
                exit_code: Some(code),
                ..Fault::new(FaultKind::Exit, format!("Script exited with code {code}"))
            }),
        }
    }

    fn output_exceeded(&self, stream: Stream) -> Fault {
        let bytes = self.limits.output_bytes;
        let message = format!("The script wrote more than its limit of {bytes} bytes to {stream}");
        self.limit(message, Limit::OutputBytes)
    }

    fn memory_exceeded(&self, what: &str) -> Fault {
        let message = format!("{what} of {} bytes", self.limits.memory_bytes);
        self.limit(message, Limit::MemoryBytes)
    }

    /// The outcome of a script whose limit does not even hold the interpreter.
    #[must_use]
    pub fn too_little_memory(&self, snapshot_bytes: u64) -> Outcome {
        let what = format!("The interpreter alone has {snapshot_bytes} bytes, over the limit");
        Outcome::bare(Completion::Fault(self.memory_exceeded(&what)))
    }

    /// The sandbox failed. Without memory the interpreter gives up in many ways, all of which end
    /// here; they are the limit's doing.
    fn crash(&self, how: &str) -> Fault {
        if self.memory_refused {
            return self.memory_exceeded("The script needs more memory than its limit");
        }
        Fault::new(FaultKind::Crashed, format!("The sandbox crashed: {how}"))
    }

    /// A limit that was hit, and how to raise it if that is allowed.
    fn limit(&self, message: String, limit: Limit) -> Fault {
        let maximum = self.maximum.get(limit);
        let advice = if self.limits.get(limit) < maximum {
            format!(". Ask for more with limits.{limit}, up to {maximum}")
        } else {
            format!(". This is the most that limits.{limit} allows here")
        };
        Fault::new(limit.facts().fault, message + &advice)
    }
}

#[cfg(test)]
mod tests;
