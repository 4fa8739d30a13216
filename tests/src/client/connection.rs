//! One connection, and HTTP/1.1 on it as far as a client needs it.

use super::Answer;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

/// The most bytes that are read at once. Small answers come with one read.
const PIECE: usize = 16 << 10;

/// The largest answer that is taken: several times the largest that there is.
const LARGEST: usize = 64 << 20;

/// A connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// The bytes that came and belong to no answer yet.
    rest: Vec<u8>,
    /// `true` if an answer came on it before.
    used: bool,
}

/// The trouble that a client had with the server.
#[derive(Debug)]
pub enum Trouble {
    /// The connection ended, before anything of the answer came, where one had come before: what
    /// every server may do, and every client then asks again.
    Closed,
    /// Nothing came for as long as the client waits. It may wait on.
    Late,
    /// The answer did not come, or not whole.
    Lost(String),
    /// The bytes that came are not HTTP.
    Malformed(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => formatter.write_str("the connection was closed"),
            Self::Late => formatter.write_str("nothing came for as long as a client waits"),
            Self::Lost(what) => write!(formatter, "no whole answer: {what}"),
            Self::Malformed(what) => write!(formatter, "not HTTP: {what}"),
        }
    }
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            rest: Vec::new(),
            used: false,
        }
    }

    /// The socket itself.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends these bytes.
    ///
    /// # Errors
    ///
    /// As the system's, also when the server does not read them in time.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// `true` if something came beyond the answers that were taken.
    pub fn has_more(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Says that nothing more will be sent.
    ///
    /// # Errors
    ///
    /// As the system's.
    pub fn finish(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)
    }

    /// Sends a request and waits for its whole answer.
    ///
    /// # Errors
    ///
    /// The trouble that kept the answer from coming.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer, Trouble> {
        // A server may answer before it has read everything, and close: the answer counts.
        let sent = self.send(request);
        match (self.receive(), sent) {
            (Err(Trouble::Lost(_)), Err(error)) if !self.used => {
                Err(Trouble::Lost(format!("while sending: {error}")))
            }
            (received, _) => received,
        }
    }

    /// Waits for an answer.
    ///
    /// # Errors
    ///
    /// The trouble that kept it from coming.
    pub fn receive(&mut self) -> Result<Answer, Trouble> {
        let mut answer = loop {
            if let Some(head) = self.head()? {
                if head.status >= 200 {
                    break head;
                }
                // 100: the answer is still to come.
                continue;
            }
            if !self.more()? {
                return Err(match (self.rest.is_empty(), self.used) {
                    (true, true) => Trouble::Closed,
                    _ => Trouble::Lost(format!("closed after {} bytes", self.rest.len())),
                });
            }
        };
        self.used = true;
        let chunked = answer
            .header("transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        if chunked {
            answer.body = self.chunks()?;
        } else if let Some(length) = answer.header("content-length") {
            let length = length
                .parse()
                .map_err(|_| Trouble::Malformed(format!("a length of {length:?}")))?;
            answer.body = self.take(length)?;
        } else {
            while self.more()? {}
            answer.body = std::mem::take(&mut self.rest);
        }
        Ok(answer)
    }

    /// The head of an answer, once it is there.
    fn head(&mut self) -> Result<Option<Answer>, Trouble> {
        let Some(end) = find(&self.rest, b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
        self.rest.drain(..end + 4);
        let malformed = || Trouble::Malformed(format!("{head:?}"));
        let (first, rest) = head.split_once("\r\n").ok_or_else(malformed)?;
        let status = first
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .ok_or_else(malformed)?;
        Ok(Some(Answer {
            status,
            head: rest.to_owned(),
            body: Vec::new(),
        }))
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = find(&self.rest, b"\r\n") {
                    break self.take(end + 2)?;
                }
                self.must_more()?;
            };
            let text = String::from_utf8_lossy(&line);
            let size = usize::from_str_radix(text.trim_end(), 16)
                .map_err(|_| Trouble::Malformed(format!("a chunk of {text:?}")))?;
            let chunk = self.take(size + 2)?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }

    /// The next bytes, as many as these.
    fn take(&mut self, count: usize) -> Result<Vec<u8>, Trouble> {
        if count > LARGEST {
            return Err(Trouble::Malformed(format!("{count} bytes at once")));
        }
        while self.rest.len() < count {
            self.must_more()?;
        }
        Ok(self.rest.drain(..count).collect())
    }

    fn must_more(&mut self) -> Result<(), Trouble> {
        if self.more()? {
            return Ok(());
        }
        Err(Trouble::Lost("closed in the middle".to_owned()))
    }

    /// Reads on; false at the end.
    fn more(&mut self) -> Result<bool, Trouble> {
        let before = self.rest.len();
        self.rest.resize(before + PIECE, 0);
        let read = loop {
            match self.stream.read(&mut self.rest[before..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.rest.truncate(before + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(count) => Ok(count > 0),
            // A server that closes with something unread resets.
            Err(error) if error.kind() == ErrorKind::ConnectionReset && self.used => {
                if self.rest.is_empty() {
                    Err(Trouble::Closed)
                } else {
                    Err(Trouble::Lost("reset in the middle".to_owned()))
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Err(Trouble::Late)
            }
            Err(error) => Err(Trouble::Lost(error.to_string())),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
