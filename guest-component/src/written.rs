//! Bodies that are written rather than kept: an instance has little memory, and a byte of a script's
//! can become six.

use std::io::{self, Write};

use crate::answer::Answer;
use crate::host::Host;
use crate::stream::Events;

/// The part of an answer that is left to be written once its head is out.
#[derive(Clone, Debug)]
pub enum Tail {
    /// A long answer, and its length.
    Answer(Box<Answer>, usize),
    /// The events that a script gives while it runs.
    Events(Box<Events>),
}

impl Tail {
    /// The length, if it is known.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::Answer(_, length) => Some(*length),
            Self::Events(_) => None,
        }
    }

    /// Writes what comes next of it, when it comes; false if that was the last.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_next(&mut self, host: &impl Host, out: &mut impl Write) -> io::Result<bool> {
        match self {
            Self::Answer(answer, _) => answer.write(out).map(|()| false),
            Self::Events(events) => events.write_next(host, out),
        }
    }
}

/// Counts what is written.
#[derive(Debug, Default)]
pub(crate) struct Counter(pub(crate) usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The data of a server-sent event: its lines.
///
/// The line ends of JSON are white space between its tokens: cut into lines and put together again
/// with others, it is still the same.
pub(crate) struct Data<W>(pub(crate) W);

impl<W: Write> Write for Data<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
        if let Some(first) = lines.next() {
            self.0.write_all(first)?;
        }
        for line in lines {
            self.0.write_all(b"\ndata: ")?;
            self.0.write_all(line)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_has_its_lines_however_it_is_written() {
        let text = b"[1,\r\n2,\n\n3]";
        for step in 1..=text.len() {
            let mut out = Vec::new();
            let mut data = Data(&mut out);
            for piece in text.chunks(step) {
                data.write_all(piece).expect("memory takes every write");
            }
            assert_eq!(out, b"[1,\ndata: \ndata: 2,\ndata: \ndata: 3]");
        }
    }
}
