//! Where requests begin and end in a connection's bytes: looked at before hyper sees them.
//!
//! hyper takes what other parsers may read differently: lines that end with a bare line feed, both
//! `Content-Length` and `Transfer-Encoding`, codings that it does not undo. Behind a proxy that reads
//! such a request in another way, what is one request for the proxy are two for us (request
//! smuggling). So here, every head is read once more, strictly, and what is not plain ends the
//! connection. What is between heads is only measured.

use belljar_contract::ErrorType;

/// The longest line that says how large a chunk is, in bytes: extensions of chunks are hardly ever used.
const CHUNK_LINE_BYTES: usize = 4 << 10;

/// Reads a connection's bytes in step with hyper.
#[derive(Debug, Default)]
pub(super) struct Framing {
    place: Place,
    /// The line that has begun, without its end, as far as it is of interest.
    line: Vec<u8>,
    /// Whether the byte before was a carriage return.
    after_return: bool,
    head: Head,
}

/// Where in a request the next byte is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// Before the first line of a head, or in it.
    #[default]
    First,
    /// In the other lines of a head.
    Fields,
    /// In a body, or a chunk and the line end behind it, with so many bytes to come.
    Bytes { left: u64, chunked: bool },
    /// In the line before a chunk.
    Size,
    /// In the lines behind the last chunk.
    Trailers,
}

/// What the head says of the body.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    length: Option<u64>,
    chunked: bool,
}

/// What is wrong with a request, and how many of the bytes belong to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) error_type: ErrorType,
    pub(super) message: &'static str,
    pub(super) sound: usize,
    /// Whether it is in a body whose head was sound.
    pub(super) in_body: bool,
}

type Problem = (ErrorType, &'static str);

const BARE_LINE_FEED: Problem = (
    ErrorType::InvalidRequest,
    "request: expected lines that end with CR and LF, found a bare LF",
);
const BAD_CHUNK: Problem = (
    ErrorType::InvalidRequest,
    "request body: its chunks are malformed",
);
const LENGTHS: Problem = (
    ErrorType::InvalidRequest,
    "content-length: expected one number of bytes",
);
const BOTH: Problem = (
    ErrorType::InvalidRequest,
    "request: expected content-length or transfer-encoding, found both",
);
const CODING: Problem = (
    ErrorType::UnsupportedTransferCoding,
    "transfer-encoding: expected `chunked` alone",
);

impl Framing {
    /// Reads on. After a fault nothing more may come.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut rest = bytes;
        // Where the request that is being read begins.
        let mut sound = 0;
        while !rest.is_empty() {
            let taken = match self.place {
                Place::Bytes { left, chunked } => self.skip(rest.len(), left, chunked),
                place => self.take_line(rest).map_err(|(error_type, message)| {
                    let in_body = !matches!(place, Place::First | Place::Fields);
                    Fault {
                        error_type,
                        message,
                        // The head of this body has been, or is to be, read.
                        sound: if in_body {
                            bytes.len() - rest.len()
                        } else {
                            sound
                        },
                        in_body,
                    }
                })?,
            };
            rest = rest.get(taken..).unwrap_or_default();
            if self.place == Place::First && self.line.is_empty() && !self.after_return {
                sound = bytes.len() - rest.len();
            }
        }
        Ok(())
    }

    /// Passes over bytes of a body.
    fn skip(&mut self, there: usize, left: u64, chunked: bool) -> usize {
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(there);
        let left = left - taken as u64;
        self.place = match (left, chunked) {
            (0, true) => Place::Size,
            (0, false) => Place::First,
            _ => Place::Bytes { left, chunked },
        };
        taken
    }

    /// Reads up to the end of a line, or all there is of it.
    fn take_line(&mut self, bytes: &[u8]) -> Result<usize, Problem> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.after_return = bytes.last() == Some(&b'\r');
            self.keep(bytes)?;
            return Ok(bytes.len());
        };
        let before = bytes.get(..end).unwrap_or_default();
        match before.split_last() {
            Some((b'\r', _)) => {}
            None if self.after_return => {}
            _ => return Err(BARE_LINE_FEED),
        }
        self.after_return = false;
        if self.line.is_empty() {
            // Nearly always: a whole head at once, of which nothing need be kept.
            self.line_ends(before)?;
        } else {
            self.keep(before)?;
            let line = std::mem::take(&mut self.line);
            let ended = self.line_ends(&line);
            self.line = line;
            self.line.clear();
            ended?;
        }
        Ok(end + 1)
    }

    /// Keeps the beginning of a line whose end has not come. hyper bounds heads and trailers.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.place == Place::Size && self.line.len() + bytes.len() > CHUNK_LINE_BYTES {
            return Err(BAD_CHUNK);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    /// Understands a line, without its line feed.
    fn line_ends(&mut self, line: &[u8]) -> Result<(), Problem> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self.place {
            // Empty lines before a request are passed over (RFC 9112, 2.2).
            Place::First if line.is_empty() => {}
            Place::First => {
                self.head = Head::default();
                self.place = Place::Fields;
            }
            Place::Fields if line.is_empty() => self.place = self.head.body()?,
            Place::Fields => self.head.field(line)?,
            Place::Size => {
                let size = chunk_size(line).ok_or(BAD_CHUNK)?;
                self.place = if size == 0 {
                    Place::Trailers
                } else {
                    // And the line end behind it.
                    let left = size.checked_add(2).ok_or(BAD_CHUNK)?;
                    Place::Bytes {
                        left,
                        chunked: true,
                    }
                };
            }
            Place::Trailers if line.is_empty() => self.place = Place::First,
            Place::Trailers | Place::Bytes { .. } => {}
        }
        Ok(())
    }
}

impl Head {
    /// Notes what a header says of the body.
    fn field(&mut self, line: &[u8]) -> Result<(), Problem> {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return Ok(());
        };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = value.iter().all(u8::is_ascii_digit);
            let length = str::from_utf8(value).ok().filter(|_| digits);
            let length = length.and_then(|length| length.parse().ok());
            // Two that agree are not plain either.
            if self.length.is_some() || length.is_none() {
                return Err(LENGTHS);
            }
            self.length = length;
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(CODING);
            }
            self.chunked = true;
        }
        Ok(())
    }

    /// What comes after the head.
    fn body(self) -> Result<Place, Problem> {
        match (self.chunked, self.length) {
            (true, Some(_)) => Err(BOTH),
            (true, None) => Ok(Place::Size),
            (false, None | Some(0)) => Ok(Place::First),
            (false, Some(left)) => Ok(Place::Bytes {
                left,
                chunked: false,
            }),
        }
    }
}

/// The size that the line before a chunk gives, without its extensions.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let end = line.iter().position(|byte| *byte == b';');
    let size = line.get(..end.unwrap_or(line.len()))?.trim_ascii_end();
    let size = str::from_utf8(size).ok()?;
    let digits = size.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(size, 16).ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// What is said to this text, however it is cut into pieces.
    fn problem(text: &str) -> Option<(ErrorType, &'static str)> {
        let problem = |size| {
            let mut framing = Framing::default();
            let mut pieces = text.as_bytes().chunks(size);
            let fault = pieces.find_map(|piece| framing.read(piece).err());
            fault.map(|fault| (fault.error_type, fault.message))
        };
        let whole = problem(text.len());
        for size in [1, 2, 3, 7] {
            assert_eq!(problem(size), whole, "{text:?} in pieces of {size}");
        }
        whole
    }

    fn post(headers: &str, body: &str) -> String {
        format!("POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}")
    }

    #[test]
    fn plain_requests_may_follow_each_other() {
        let requests = [
            GET.to_owned(),
            post("Content-Length: 3\r\n", "\na\n"),
            post("content-length:0\r\n", ""),
            post(
                "Transfer-Encoding: Chunked\r\n",
                "3\r\n\n\n\n\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
            ),
            post("Transfer-Encoding: chunked\r\n", "0 \r\nTrailer: x\r\n\r\n"),
        ];
        for first in &requests {
            for second in &requests {
                assert_eq!(problem(&format!("{first}\r\n{second}{GET}")), None);
            }
        }
    }

    #[test]
    fn what_another_may_read_differently_is_refused() {
        for (text, (expected, message)) in [
            ("GET / HTTP/1.1\nHost: x\r\n\r\n".to_owned(), BARE_LINE_FEED),
            ("GET / HTTP/1.1\r\nHost: x\n\r\n".to_owned(), BARE_LINE_FEED),
            ("GET / HTTP/1.1\r\nHost: x\r\n\n".to_owned(), BARE_LINE_FEED),
            ("\nGET / HTTP/1.1\r\n".to_owned(), BARE_LINE_FEED),
            (
                post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", ""),
                BOTH,
            ),
            (
                post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", ""),
                BOTH,
            ),
            (
                post("Content-Length: 1\r\nContent-Length: 1\r\n", ""),
                LENGTHS,
            ),
            (post("Content-Length: 1, 1\r\n", ""), LENGTHS),
            (post("Content-Length: +1\r\n", ""), LENGTHS),
            (post("Content-Length: \r\n", ""), LENGTHS),
            (
                post("Content-Length: 99999999999999999999\r\n", ""),
                LENGTHS,
            ),
            (post("Transfer-Encoding: gzip, chunked\r\n", ""), CODING),
            (
                post(
                    "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
                    "",
                ),
                CODING,
            ),
            (
                post(
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                    "",
                ),
                CODING,
            ),
            (post("Transfer-Encoding: chunked, identity\r\n", ""), CODING),
            (post("Transfer-Encoding: \"chunked\"\r\n", ""), CODING),
            (
                post("Transfer-Encoding: chunked\r\n", "1\nx\r\n"),
                BARE_LINE_FEED,
            ),
            (
                post("Transfer-Encoding: chunked\r\n", "+1\r\nx\r\n"),
                BAD_CHUNK,
            ),
            (post("Transfer-Encoding: chunked\r\n", "\r\n"), BAD_CHUNK),
            (
                post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"),
                BAD_CHUNK,
            ),
            (
                post(
                    "Transfer-Encoding: chunked\r\n",
                    &"1;".repeat(CHUNK_LINE_BYTES),
                ),
                BAD_CHUNK,
            ),
        ] {
            assert_eq!(problem(&text), Some((expected, message)), "{text:?}");
        }
    }

    #[test]
    fn those_before_a_fault_are_told_from_it() {
        let first = post("Content-Length: 2\r\n", "ab");
        let text = format!("{first}GET / HTTP/1.1\n");
        let fault = Framing::default().read(text.as_bytes()).unwrap_err();
        assert_eq!(fault.sound, first.len());
        let mut framing = Framing::default();
        let (begin, end) = text.as_bytes().split_at(first.len() + 3);
        assert_eq!(framing.read(begin), Ok(()));
        assert_eq!(framing.read(end).unwrap_err().sound, 0);
    }
}
