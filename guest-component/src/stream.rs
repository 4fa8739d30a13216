//! Answers that come while a script runs: server-sent events.
//!
//! `stdout` and `stderr` carry a JSON string, `display` an item, and `result`, the last one, exactly
//! the body of the plain answer. Once the first event is out the status is 200, whatever becomes of
//! the script: `error` in `result` tells.

use serde::Serialize;

use crate::answer;
use crate::contract::{Completion, Mode, Outcome, Program};
use crate::display::Item;
use crate::error::ApiError;
use crate::host::{Event, Host};
use crate::http::{Request, Response};

const MEDIA_TYPE: &str = "text/event-stream";

/// Whether the client asks for events. One that takes anything (`*/*`) does not.
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

/// Runs a program, and answers with its first event; the others are to be asked for.
pub(crate) fn answer(
    mode: Mode,
    program: &Program,
    host: &impl Host,
    id: &str,
) -> Result<Response, ApiError> {
    let rejected = |rejection| ApiError::rejected(host, id, &rejection);
    let mut events = Events::new(mode, id);
    let first = if host.start(program) {
        host.next().map_err(rejected)?
    } else {
        // Everything at the end is better than nothing.
        Event::Finished(host.execute(program).map_err(rejected)?)
    };
    let body = events.written(first, host);
    let mut response = Response::empty(200)
        .with_body(MEDIA_TYPE, body)
        // Proxies that collect answers make an exception for those that say so.
        .with_header("x-accel-buffering", "no");
    response.events = (!events.is_over).then_some(events);
    Ok(response)
}

/// The events that are still to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    mode: Mode,
    request_id: String,
    stdout: Text,
    stderr: Text,
    is_over: bool,
}

impl Events {
    fn new(mode: Mode, request_id: &str) -> Self {
        Self {
            mode,
            request_id: request_id.to_owned(),
            stdout: Text::default(),
            stderr: Text::default(),
            is_over: false,
        }
    }

    /// The text of the next event or few, when they come; `None` after the last.
    pub fn next(&mut self, host: &impl Host) -> Option<Vec<u8>> {
        if self.is_over {
            return None;
        }
        Some(match host.next() {
            Ok(event) => self.written(event, host),
            Err(rejection) => {
                let error = ApiError::rejected(host, &self.request_id, &rejection);
                self.ended(error.into_response(&self.request_id))
            }
        })
    }

    fn written(&mut self, event: Event, host: &impl Host) -> Vec<u8> {
        let mut out = Vec::new();
        match event {
            // A comment, which clients pass over: a connection on which nothing moves is cut.
            Event::Stdout(bytes) if bytes.is_empty() => out.extend_from_slice(b":\n\n"),
            Event::Stdout(bytes) => write_text(&mut out, "stdout", &self.stdout.push(&bytes)),
            Event::Stderr(bytes) => write_text(&mut out, "stderr", &self.stderr.push(&bytes)),
            Event::Display(item) => write(&mut out, "display", &Item::new(&item)),
            Event::Finished(outcome) => {
                write_text(&mut out, "stdout", &self.stdout.finish());
                write_text(&mut out, "stderr", &self.stderr.finish());
                let response = self.plain(&outcome, host);
                out.extend(self.ended(response));
            }
        }
        out
    }

    fn plain(&self, outcome: &Outcome, host: &impl Host) -> Response {
        if fits(self.mode, &outcome.completion) {
            return answer::to(outcome);
        }
        let what = "the executor answered for the other mode";
        ApiError::internal(host, &self.request_id, what).into_response(&self.request_id)
    }

    fn ended(&mut self, response: Response) -> Vec<u8> {
        self.is_over = true;
        let mut out = Vec::with_capacity(response.body.len() + 32);
        write_data(&mut out, "result", &response.body);
        out
    }
}

/// Whether a program of this mode can end like that.
pub(crate) fn fits(mode: Mode, completion: &Completion) -> bool {
    match completion {
        Completion::Value(_) => mode == Mode::Function,
        Completion::Exited(_) => mode == Mode::Program,
        Completion::Fault(_) => true,
    }
}

/// Bytes that become text, a character at a time: the end of one may be yet to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    begun: Vec<u8>,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let mut end = self.begun.len();
        // No character has more than four bytes: the last three may be the beginning of one.
        for back in 1..=self.begun.len().min(3) {
            let from = self.begun.len() - back;
            let is_incomplete =
                str::from_utf8(&self.begun[from..]).is_err_and(|error| error.error_len().is_none());
            if is_incomplete {
                end = from;
            }
        }
        let text = String::from_utf8_lossy(&self.begun[..end]).into_owned();
        self.begun.drain(..end);
        text
    }

    fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.begun)).into_owned()
    }
}

fn write_text(out: &mut Vec<u8>, event: &str, text: &str) {
    if !text.is_empty() {
        write(out, event, &text);
    }
}

fn write(out: &mut Vec<u8>, event: &str, value: &impl Serialize) {
    let text = serde_json::to_vec(value).expect("strings have a JSON form");
    write_data(out, event, &text);
}

/// The line ends of JSON are white space between its tokens: cut into lines and put together again
/// with others, it is still the same.
fn write_data(out: &mut Vec<u8>, event: &str, data: &[u8]) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(event.as_bytes());
    for line in data.split(|byte| matches!(byte, b'\n' | b'\r')) {
        out.extend_from_slice(b"\ndata: ");
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b"\n\n");
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
                let mut found = text.push(&bytes[..first]);
                found += &text.push(&bytes[first..second]);
                found += &text.push(&bytes[second..]);
                found += &text.finish();
                assert_eq!(found, whole, "cut at {first} and {second}");
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
