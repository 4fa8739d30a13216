//! Bodies that are written rather than kept: an instance has little memory, and a byte of a script's
//! can become six.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::answer::Answer;
use crate::host::Host;
use crate::stream::Events;

/// What is left to be written of an answer once its head is out.
#[derive(Clone, Debug)]
pub enum Tail {
    /// A long answer, and its length.
    Answer(Box<Answer>, usize),
    /// What a script gives while it runs.
    Events(Box<Events>),
}

impl Tail {
    /// How long it is, if that is known.
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

/// Bytes as text: what is no UTF-8 becomes U+FFFD, a piece at a time.
pub(crate) struct Lossy<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Lossy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_as_the_standard_library_makes_it() {
        for bytes in [
            &b""[..],
            b"plain \"quoted\" \0\n",
            b"\xff",
            b"a\xe2\x82b\xf0\x9f\x98",
            "\u{20ac}\u{1f600}".as_bytes(),
        ] {
            let expected = serde_json::to_string(&String::from_utf8_lossy(bytes));
            let found = serde_json::to_string(&Lossy(bytes));
            assert_eq!(found.expect("JSON"), expected.expect("JSON"));
        }
    }

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
