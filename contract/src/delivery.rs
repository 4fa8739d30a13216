//! The messages that the harness hands over through the door of a sandbox: see
//! `python-runtime/harness/README.md`.

use crate::caps::{FAULT_BYTES, RESULT_BYTES};
use crate::{DisplayCollector, DisplayItem, FaultKind};
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

/// The first byte of a message: what the rest is.
pub mod door {
    /// The result of function mode: JSON text.
    pub const VALUE: u8 = 1;
    /// A fault: a JSON object.
    pub const FAULT: u8 = 2;
    /// The exit code of program mode, in decimal.
    pub const EXITED: u8 = 3;
    /// An item of the display.
    pub const DISPLAY: u8 = 4;
    /// There is more to display than is sent.
    pub const DISPLAY_CUT: u8 = 5;
    /// The small edition's `os._exit`: WASI 0.2 has no status but success and failure. Four bytes.
    pub const EXIT: u8 = 6;
}

/// An answer as the harness handed it over. A script may forge it: it can only change its own answer,
/// and what arrives here is checked like any input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// JSON text, not yet checked.
    Value(Vec<u8>),
    /// A fault as a JSON object, not yet checked.
    Fault(Vec<u8>),
    /// An exit code in decimal, not yet checked.
    Exited(Vec<u8>),
}

/// An answer that is too large ends the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTooLarge {
    /// The size of the answer.
    pub bytes: usize,
}

/// The reply to the header of a message: is its content to be read?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It is to be read and [taken](Delivery::take).
    Content,
    /// The message was taken without it.
    Nothing,
    /// There is no such message.
    Refused,
}

/// The result of taking a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<'a> {
    /// This item was displayed.
    Item(&'a DisplayItem),
    /// It was taken.
    Message,
    /// There is no such message.
    Refused,
}

/// All that one script handed over: at most one answer, of which a later one replaces an earlier; and
/// what it displayed before.
#[derive(Debug, Default)]
pub struct Delivery {
    /// The answer.
    pub answer: Option<Answer>,
    /// The items that the script displayed.
    pub display: DisplayCollector,
}

impl Delivery {
    /// Looks at a message before its content is read: its kind, and how long its content is.
    ///
    /// # Errors
    ///
    /// When it is an answer that is too large.
    pub fn expect(&mut self, kind: u8, content_bytes: usize) -> Result<Wanted, AnswerTooLarge> {
        let limit = match kind {
            door::DISPLAY if self.display.may_take(content_bytes) => return Ok(Wanted::Content),
            door::DISPLAY | door::DISPLAY_CUT => {
                self.display.cut();
                return Ok(Wanted::Nothing);
            }
            door::VALUE => RESULT_BYTES,
            door::FAULT | door::EXITED => FAULT_BYTES,
            _ => return Ok(Wanted::Refused),
        };
        match content_bytes > limit {
            true => Err(AnswerTooLarge {
                bytes: content_bytes,
            }),
            false => Ok(Wanted::Content),
        }
    }

    /// Takes a message.
    ///
    /// # Errors
    ///
    /// When it is an answer that is too large.
    pub fn take<C>(&mut self, kind: u8, content: C) -> Result<Taken<'_>, AnswerTooLarge>
    where
        C: AsRef<[u8]> + Into<Vec<u8>>,
    {
        match self.expect(kind, content.as_ref().len())? {
            Wanted::Content => {}
            Wanted::Nothing => return Ok(Taken::Message),
            Wanted::Refused => return Ok(Taken::Refused),
        }
        let make = match kind {
            door::DISPLAY => {
                let item = self.display.take(content.as_ref());
                return Ok(item.map_or(Taken::Message, Taken::Item));
            }
            door::VALUE => Answer::Value,
            door::FAULT => Answer::Fault,
            _ => Answer::Exited,
        };
        self.answer = Some(make(content.into()));
        Ok(Taken::Message)
    }
}

/// A fault as the harness reports it. (Its fields are here once more, because `flatten` would first
/// collect whatever else a forged one has, at sixteen times its size.)
#[derive(Debug, Deserialize)]
pub(crate) struct Reported {
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
    pub(crate) traceback: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) exit_code: Option<i32>,
    /// Memory was what the script lacked, or may have been: only the host knows if it refused any.
    #[serde(default)]
    pub(crate) out_of_memory: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn the_last_answer_counts() {
        let mut delivery = Delivery::default();
        let first = delivery.take(door::VALUE, &b"1"[..]);
        assert_eq!(first, Ok(Taken::Message));
        let second = delivery.take(door::EXITED, b"7".to_vec());
        assert_eq!(second, Ok(Taken::Message));
        assert_eq!(delivery.answer, Some(Answer::Exited(b"7".to_vec())));
        for kind in [0, door::EXIT, 99] {
            assert_eq!(delivery.take(kind, &b""[..]), Ok(Taken::Refused));
        }
    }

    #[test]
    fn an_answer_of_the_largest_size_is_taken_and_no_larger_one() {
        let mut delivery = Delivery::default();
        for (kind, most) in [
            (door::VALUE, RESULT_BYTES),
            (door::FAULT, FAULT_BYTES),
            (door::EXITED, FAULT_BYTES),
        ] {
            assert_eq!(delivery.expect(kind, most), Ok(Wanted::Content));
            let bytes = most + 1;
            let refused = delivery.take(kind, vec![0; bytes]);
            assert_eq!(refused, Err(AnswerTooLarge { bytes }));
        }
        assert_eq!(delivery.answer, None);
    }

    #[test]
    fn an_item_too_large_is_not_even_read() {
        let mut delivery = Delivery::default();
        let item = b"\x0a\0\0\0\0text/plainx";
        assert!(matches!(
            delivery.take(door::DISPLAY, &item[..]),
            Ok(Taken::Item(item)) if item.data == b"x"
        ));
        assert!(!delivery.display.is_cut());
        let wanted = delivery.expect(door::DISPLAY, 1 << 30);
        assert_eq!(wanted, Ok(Wanted::Nothing));
        assert!(delivery.display.is_cut());
    }
}
