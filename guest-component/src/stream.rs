//! Answers that come while a script runs: server-sent events.
//!
//! `stdout` and `stderr` carry a JSON string, `display` an item, and `result`, the last one, exactly
//! the body of the plain answer. Once the first event is out the status is 200, whatever becomes of
//! the script: `error` in `result` tells. All of it is written as it is sent: what is written faster
//! than the client reads keeps the script waiting.

use std::io::{self, Write};

use serde::Serialize;

use crate::answer::Answer;
use crate::contract::{Lossy, Mode, Outcome};
use crate::error::ApiError;
use crate::host::{Event, Host, Job};
use crate::http::{Request, Response};
use crate::written::{Data, Tail};

const MEDIA_TYPE: &str = "text/event-stream";

/// `true` if the client asks for events. One that takes anything (`*/*`) does not.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request
        .values("accept")
        .filter_map(|value| str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default();
            media_type.eq_ignore_ascii_case(MEDIA_TYPE) && !parts.any(|part| part == "q=0")
        })
}

/// Runs a program, and answers as soon as it has given something: that and the rest are to be
/// written.
pub(crate) fn answer(job: Job, host: &impl Host) -> Result<Response, ApiError> {
    let (mode, request_id) = (job.program.mode, job.request_id.clone());
    let rejected = |rejection| ApiError::rejected(host, &request_id, &rejection);
    let first = match host.start(job) {
        None => host.next().map_err(rejected)?,
        // Everything at the end is better than nothing.
        Some(job) => vec![Event::Finished(host.execute(job).map_err(rejected)?)],
    };
    let events = Events {
        mode,
        request_id,
        first: Some(first),
        stdout: Text::default(),
        stderr: Text::default(),
        is_over: false,
    };
    let mut response = Response::empty(200)
        .with_header("content-type", MEDIA_TYPE)
        // Proxies that collect answers make an exception for those that say so.
        .with_header("x-accel-buffering", "no");
    response.tail = Some(Tail::Events(Box::new(events)));
    Ok(response)
}

/// The events of a program.
#[derive(Clone, Debug)]
pub struct Events {
    mode: Mode,
    request_id: String,
    /// Those that came before the head of the answer was made.
    first: Option<Vec<Event>>,
    stdout: Text,
    stderr: Text,
    is_over: bool,
}

impl Events {
    /// Writes the next events, when they come; false if one of them was the last.
    pub(crate) fn write_next(
        &mut self,
        host: &impl Host,
        out: &mut impl Write,
    ) -> io::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        let next = self.first.take().map_or_else(|| host.next(), Ok);
        match next {
            // A comment, which clients pass over: a connection on which nothing moves is cut.
            Ok(events) if events.is_empty() => out.write_all(b":\n\n")?,
            Ok(events) => {
                for event in events {
                    self.write(event, out)?;
                }
            }
            Err(rejection) => {
                self.is_over = true;
                let error = ApiError::rejected(host, &self.request_id, &rejection);
                let response = error.into_response(&self.request_id);
                write(out, "result", |out| out.write_all(&response.body))?;
            }
        }
        Ok(!self.is_over)
    }

    fn write(&mut self, event: Event, out: &mut impl Write) -> io::Result<()> {
        match event {
            Event::Stdout(bytes) => write_text(out, "stdout", &self.stdout.push(bytes)),
            Event::Stderr(bytes) => write_text(out, "stderr", &self.stderr.push(bytes)),
            Event::Display(item) => write_json(out, "display", &item),
            Event::Finished(outcome) => self.finish(outcome, out),
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut impl Write) -> io::Result<()> {
        self.is_over = true;
        write_text(out, "stdout", &self.stdout.finish())?;
        write_text(out, "stderr", &self.stderr.finish())?;
        let answer = Answer::new(self.mode, outcome, self.request_id.clone());
        write(out, "result", |out| answer.write(out))
    }
}

/// Bytes that become text, a character at a time: the end of one may be yet to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    begun: Vec<u8>,
}

impl Text {
    /// The whole characters that there are with these bytes.
    fn push(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let mut whole = if self.begun.is_empty() {
            bytes
        } else {
            let mut begun = std::mem::take(&mut self.begun);
            begun.extend_from_slice(&bytes);
            begun
        };
        let mut end = whole.len();
        // No character has more than four bytes: the last three may be the beginning of one.
        for back in 1..=whole.len().min(3) {
            let from = whole.len() - back;
            let is_incomplete =
                str::from_utf8(&whole[from..]).is_err_and(|error| error.error_len().is_none());
            if is_incomplete {
                end = from;
            }
        }
        self.begun = whole.split_off(end);
        whole
    }

    fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.begun)
    }
}

fn write_text(out: &mut impl Write, event: &str, text: &[u8]) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    write_json(out, event, &Lossy(text))
}

fn write_json(out: &mut impl Write, event: &str, value: &impl Serialize) -> io::Result<()> {
    write(out, event, |out| Ok(serde_json::to_writer(out, value)?))
}

fn write<W: Write>(
    out: &mut W,
    event: &str,
    data: impl FnOnce(&mut Data<&mut W>) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "event: {event}\ndata: ")?;
    data(&mut Data(&mut *out))?;
    out.write_all(b"\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_whole_wherever_the_bytes_are_cut() {
        let bytes = "a\u{e9}\u{20ac}\u{1f600}".as_bytes();
        let bytes = [bytes, b"\xff\xe2\x82x\xf0"].concat();
        let whole = String::from_utf8_lossy(&bytes);
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut text = Text::default();
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                let found = pieces.map(|piece| text.push(piece.to_vec()));
                let found = [found.concat(), text.finish()];
                let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                assert_eq!(found.concat(), whole, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn events_are_asked_for_by_name() {
        for (accept, expected) in [
            ("text/event-stream", true),
            ("application/json;q=0.5, Text/Event-Stream", true),
            ("text/event-stream;q=0", false),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
        ] {
            let headers = vec![("accept".to_owned(), accept.as_bytes().to_vec())];
            let request = Request::new("POST", "/run", headers);
            assert_eq!(is_wanted(&request), expected, "{accept}");
        }
    }
}
