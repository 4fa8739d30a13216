//! The host's end of the door while a script runs: takes its answer.

use super::shown::Shown;
use crate::FaultKind;
use crate::limits::{FAULT_BYTES, RESULT_BYTES};
use belljar_engine::{Door, GuestMemory, Stop};
use serde::Deserialize;

const VALUE: u8 = 1;
const FAULT: u8 = 2;
const EXITED: u8 = 3;
const DISPLAY: u8 = 4;
const DISPLAY_CUT: u8 = 5;

/// What the harness handed over. A script may forge it: it can only change its own answer, and
/// what arrives here is checked like any input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// JSON text, not yet checked.
    Value(Vec<u8>),
    /// A fault as a JSON object, not yet checked.
    Fault(Vec<u8>),
    /// An exit code in decimal, not yet checked.
    Exited(Vec<u8>),
}

/// A fault as the harness reports it. (Its fields are here once more, because `flatten` would first
/// collect whatever else a forged one has, at sixteen times its size.)
#[derive(Debug, Deserialize)]
pub(super) struct Reported {
    pub(super) kind: FaultKind,
    pub(super) message: String,
    pub(super) traceback: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) exit_code: Option<i32>,
    /// Memory was what the script lacked, or may have been: only the host knows if it refused any.
    #[serde(default)]
    pub(super) out_of_memory: bool,
}

/// Takes at most one answer, a later one replaces it; and what the script displays before it.
#[derive(Default)]
pub(crate) struct ScriptDoor {
    pub(super) answer: Option<Answer>,
    pub(super) shown: Shown,
}

impl Door for ScriptDoor {
    fn call(
        &mut self,
        memory: &mut GuestMemory<'_>,
        address: u32,
        len: u32,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let Some((&kind, content)) = memory
            .slice(address, len)
            .ok()
            .and_then(<[u8]>::split_first)
        else {
            return Ok(None);
        };
        match kind {
            DISPLAY => self.shown.take(content)?,
            DISPLAY_CUT => self.shown.is_cut = true,
            _ => return self.answered(kind, content),
        }
        Ok(Some(Vec::new()))
    }
}

impl ScriptDoor {
    fn answered(&mut self, kind: u8, content: &[u8]) -> Result<Option<Vec<u8>>, Stop> {
        let limit = if kind == VALUE {
            RESULT_BYTES
        } else {
            FAULT_BYTES
        };
        if content.len() > limit {
            return Err(Stop::AnswerTooLarge(content.len()));
        }
        let make = match kind {
            VALUE => Answer::Value,
            FAULT => Answer::Fault,
            EXITED => Answer::Exited,
            _ => return Ok(None),
        };
        self.answer = Some(make(content.to_vec()));
        Ok(Some(Vec::new()))
    }
}
