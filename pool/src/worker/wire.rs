//! Programs and outcomes as they travel: borrowed from the message on arrival, and copied once.

use super::few::few;
use crate::{
    Completion, DISPLAY_ITEMS, DisplayItem, Fault, FaultKind, Limit, Limits, Mode, Outcome,
    Program, Truncated, Usage,
};
use serde::{Deserialize, Serialize, Serializer};
use std::time::Duration;

/// The values of [`LimitValues`](crate::LimitValues), in the order of [`Limit::ALL`].
pub(crate) type WireLimits = [u64; Limit::ALL.len()];

/// The fields of [`Program`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireProgram<'a> {
    whole_program: bool,
    script: &'a str,
    input: Option<&'a str>,
    #[serde(serialize_with = "bytes")]
    stdin: &'a [u8],
    #[serde(borrow)]
    args: Vec<&'a str>,
    #[serde(borrow)]
    env: Vec<(&'a str, &'a str)>,
    limits: [Option<u64>; Limit::ALL.len()],
    seed: Option<u64>,
    display: bool,
}

/// The fields of [`Outcome`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireOutcome<'a> {
    #[serde(borrow)]
    pub(crate) completion: WireCompletion<'a>,
    #[serde(serialize_with = "bytes")]
    pub(crate) stdout: &'a [u8],
    #[serde(serialize_with = "bytes")]
    pub(crate) stderr: &'a [u8],
    #[serde(borrow, deserialize_with = "few::<_, _, DISPLAY_ITEMS>")]
    display: Vec<WireItem<'a>>,
    truncated: (bool, bool, bool),
    duration_ns: u64,
    fuel: u64,
    memory_bytes: u64,
}

/// The fields of [`DisplayItem`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireItem<'a> {
    mime: &'a str,
    #[serde(serialize_with = "bytes")]
    data: &'a [u8],
    alt: Option<&'a str>,
}

/// The variants of [`Completion`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum WireCompletion<'a> {
    /// JSON text; whoever receives it has to check that it is.
    Value(&'a str),
    /// An exit code.
    Exited(i32),
    /// The fields of [`Fault`].
    Fault {
        kind: FaultKind,
        message: &'a str,
        traceback: Option<&'a str>,
        line: Option<u32>,
        column: Option<u32>,
        exit_code: Option<i32>,
    },
}

/// Slices at once instead of byte by byte.
pub(super) fn bytes<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl<'a> From<&'a Program> for WireProgram<'a> {
    fn from(program: &'a Program) -> Self {
        Self {
            whole_program: program.mode == Mode::Program,
            script: &program.script,
            input: program.input.as_deref(),
            stdin: &program.stdin,
            args: program.args.iter().map(String::as_str).collect(),
            env: program
                .env
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            limits: program.limits.to_array(),
            seed: program.seed,
            display: program.display,
        }
    }
}

impl WireProgram<'_> {
    pub(crate) fn to_program(&self) -> Program {
        let mode = match self.whole_program {
            true => Mode::Program,
            false => Mode::Function,
        };
        Program {
            input: self.input.map(str::to_owned),
            seed: self.seed,
            display: self.display,
            ..Program::new(mode, self.script)
                .stdin(self.stdin)
                .args(self.args.iter().copied())
                .env(self.env.iter().copied())
                .limits(Limits::from_array(self.limits))
        }
    }
}

impl<'a> From<&'a Outcome> for WireOutcome<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let completion = match &outcome.completion {
            Completion::Value(json) => WireCompletion::Value(json.get()),
            Completion::Exited(code) => WireCompletion::Exited(*code),
            Completion::Fault(fault) => WireCompletion::Fault {
                kind: fault.kind,
                message: &fault.message,
                traceback: fault.traceback.as_deref(),
                line: fault.line,
                column: fault.column,
                exit_code: fault.exit_code,
            },
        };
        let Usage {
            duration,
            fuel,
            memory_bytes,
        } = outcome.usage;
        Self {
            completion,
            stdout: &outcome.stdout,
            stderr: &outcome.stderr,
            display: outcome.display.iter().map(WireItem::from).collect(),
            truncated: (
                outcome.truncated.stdout,
                outcome.truncated.stderr,
                outcome.truncated.display,
            ),
            duration_ns: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
            fuel,
            memory_bytes,
        }
    }
}

impl<'a> From<&'a DisplayItem> for WireItem<'a> {
    fn from(item: &'a DisplayItem) -> Self {
        Self {
            mime: &item.mime,
            data: &item.data,
            alt: item.alt.as_deref(),
        }
    }
}

impl WireItem<'_> {
    pub(super) fn to_item(&self) -> DisplayItem {
        DisplayItem {
            mime: self.mime.to_owned(),
            data: self.data.to_vec(),
            alt: self.alt.map(str::to_owned),
        }
    }
}

impl WireOutcome<'_> {
    /// The outcome; an error if what claims to be JSON is not.
    pub(crate) fn to_outcome(&self) -> Result<Outcome, serde_json::Error> {
        let completion = match self.completion {
            WireCompletion::Value(json) => Completion::Value(serde_json::from_str(json)?),
            WireCompletion::Exited(code) => Completion::Exited(code),
            WireCompletion::Fault {
                kind,
                message,
                traceback,
                line,
                column,
                exit_code,
            } => Completion::Fault(Fault {
                kind,
                message: message.to_owned(),
                traceback: traceback.map(str::to_owned),
                line,
                column,
                exit_code,
            }),
        };
        let (stdout, stderr, display) = self.truncated;
        Ok(Outcome {
            completion,
            stdout: self.stdout.to_vec(),
            stderr: self.stderr.to_vec(),
            display: self.display.iter().map(WireItem::to_item).collect(),
            truncated: Truncated {
                stdout,
                stderr,
                display,
            },
            usage: Usage {
                duration: Duration::from_nanos(self.duration_ns),
                fuel: self.fuel,
                memory_bytes: self.memory_bytes,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::protocol::{Ending, Request, Response};

    #[test]
    fn a_program_arrives_as_it_was_sent() {
        let program = Program::program("print('ä\0')")
            .input("[1, 2]")
            .stdin([0, 255, 7])
            .args(["a", ""])
            .env([("B", "c=d"), ("A", "")])
            .limits(Limits {
                fuel: Some(u64::MAX),
                ..Limits::default()
            })
            .seed(42)
            .display(false);
        let frame = postcard::to_stdvec(&Request::Execute {
            id: 9,
            program: (&program).into(),
            tell: false,
        })
        .unwrap();
        let Request::Execute {
            id,
            program: arrived,
            ..
        } = postcard::from_bytes(&frame).unwrap()
        else {
            panic!("another request");
        };
        assert_eq!((id, arrived.to_program()), (9, program));
    }

    #[test]
    fn an_outcome_arrives_as_it_was_sent() {
        let outcome = Outcome {
            completion: Completion::Fault(Fault {
                kind: FaultKind::Exit,
                message: "m".to_owned(),
                traceback: Some("t".to_owned()),
                line: Some(3),
                column: None,
                exit_code: Some(-1),
            }),
            stdout: vec![255, 0],
            stderr: b"e".to_vec(),
            display: vec![
                DisplayItem {
                    mime: "image/png".to_owned(),
                    data: vec![0x89, 0],
                    alt: Some("a dot".to_owned()),
                },
                DisplayItem {
                    mime: "text/plain".to_owned(),
                    data: Vec::new(),
                    alt: None,
                },
            ],
            truncated: Truncated {
                stdout: true,
                stderr: false,
                display: true,
            },
            usage: Usage {
                duration: Duration::from_micros(5),
                fuel: u64::MAX,
                memory_bytes: 1 << 32,
            },
        };
        let ending = Ending::Outcome((&outcome).into());
        let frame = postcard::to_stdvec(&Response::Done { id: 1, ending }).unwrap();
        let Response::Done {
            ending: Ending::Outcome(arrived),
            ..
        } = postcard::from_bytes(&frame).unwrap()
        else {
            panic!("another response");
        };
        assert_eq!(arrived.to_outcome().unwrap().display, outcome.display);
        assert_eq!(
            format!("{:?}", arrived.to_outcome().unwrap()),
            format!("{outcome:?}")
        );
    }

    #[test]
    fn a_value_that_is_no_json_is_noticed() {
        let outcome = Outcome {
            completion: Completion::Exited(0),
            stdout: Vec::new(),
            stderr: Vec::new(),
            display: Vec::new(),
            truncated: Truncated::default(),
            usage: Usage {
                duration: Duration::ZERO,
                fuel: 0,
                memory_bytes: 0,
            },
        };
        for (text, good) in [
            ("{}", true),
            (" 1", true),
            ("1, 2", false),
            ("{", false),
            ("", false),
        ] {
            let mut wire = WireOutcome::from(&outcome);
            wire.completion = WireCompletion::Value(text);
            assert_eq!(wire.to_outcome().is_ok(), good, "{text:?}");
        }
    }
}
