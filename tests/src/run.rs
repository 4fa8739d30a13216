//! The run of an execution that has ended, and the assertions about it.

use belljar::{Body, Completion, Fault, Outcome};
use serde_json::Value;
use std::time::Duration;

/// Text that must never be in an answer: it would tell a script's author about the host.
const HOST_SECRETS: [&str; 7] = [
    ".cache/belljar",
    ".cargo",
    "/root",
    concat!(env!("CARGO_MANIFEST_DIR"), "/"),
    "python.cwasm",
    "files.pack",
    "wasmtime",
];

/// An execution that has ended. Its methods assert, and hand it on.
#[derive(Debug)]
pub struct Run {
    outcome: Outcome,
    elapsed: Duration,
}

impl Run {
    /// Takes an outcome, and checks what must be true of every one.
    pub(crate) fn new(outcome: Outcome, elapsed: Duration) -> Result<Self, String> {
        let run = Self { outcome, elapsed };
        if let Some(fault) = run.fault_if_any() {
            if fault.kind.name() == "internal" {
                return Err(format!(
                    "no script may cause an internal failure: {fault:?}"
                ));
            }
            let told = format!("{} {:?}", fault.message, fault.traceback);
            if HOST_SECRETS.iter().any(|secret| told.contains(secret)) {
                return Err(format!("tells of the host: {told}"));
            }
        }
        Ok(run)
    }

    /// It gave this result.
    #[track_caller]
    pub fn gives(self, expected: &Value) -> Self {
        assert_eq!(&self.value(), expected);
        self
    }

    /// It failed with this `error_type`.
    #[track_caller]
    pub fn fails_with(self, kind: &str) -> Self {
        assert_eq!(self.fault().kind.name(), kind, "{:?}", self.outcome);
        self
    }

    /// The message has this in it.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let message = &self.fault().message;
        assert!(message.contains(text), "no {text:?} in {message:?}");
        self
    }

    /// The fault is at this line.
    #[track_caller]
    pub fn at_line(self, line: u32) -> Self {
        assert_eq!(self.fault().line, Some(line), "{:?}", self.outcome);
        self
    }

    /// It exited with this code, in program mode.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        match &self.outcome.completion {
            Completion::Exited(found) => assert_eq!(*found, code, "{}", self.stderr()),
            other => panic!("no exit code but {other:?}"),
        }
        self
    }

    /// It wrote exactly this to standard output.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout(), text);
        self
    }

    /// It took less than this, from the call to the answer.
    #[track_caller]
    pub fn within(self, limit: Duration) -> Self {
        assert!(self.elapsed < limit, "took {:?}", self.elapsed);
        self
    }

    /// The result.
    #[track_caller]
    pub fn value(&self) -> Value {
        let text = self.value_text();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The result's JSON text.
    #[track_caller]
    pub fn value_text(&self) -> &str {
        match &self.outcome.completion {
            Completion::Value(json) => json.get(),
            other => panic!("no result but {other:?}; stderr: {}", self.stderr()),
        }
    }

    /// The fault.
    #[track_caller]
    pub fn fault(&self) -> &Fault {
        match self.fault_if_any() {
            Some(fault) => fault,
            None => panic!("no fault but {:?}", self.outcome.completion),
        }
    }

    /// The fault, if it ended with one.
    pub fn fault_if_any(&self) -> Option<&Fault> {
        match &self.outcome.completion {
            Completion::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// Standard output as text.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.outcome.stdout).into_owned()
    }

    /// Standard error as text.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.outcome.stderr).into_owned()
    }

    /// All that the library says.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The time that it took, from the call to the answer.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The body that a client gets.
    #[track_caller]
    pub fn body(&self) -> String {
        serde_json::to_string(&Body::new(&self.outcome, None))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// All that must be the same when it is repeated with the same seed.
    #[track_caller]
    pub fn repeatable(&self) -> String {
        let Outcome {
            completion,
            stdout,
            stderr,
            display,
            truncated,
            usage,
        } = &self.outcome;
        let (fuel, memory) = (usage.fuel, usage.memory_bytes);
        format!("{completion:?} {stdout:?} {stderr:?} {display:?} {truncated:?} {fuel} {memory}")
    }
}
