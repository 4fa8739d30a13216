//! The answer that a client gets.

use serde_json::Value;
use std::borrow::Cow;

/// A whole answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The lines of the head after the first, as they came.
    pub head: String,
    /// The body, without the frames of chunks.
    pub body: Vec<u8>,
}

/// An event of a streamed answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `stdout`, `stderr`, `display` or `result`.
    pub name: String,
    /// Its data.
    pub data: Value,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body as text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON: null if it is something else.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// `true` if it asks to come again later: a client that is told so has not been failed, it has
    /// been told to wait.
    pub fn says_retry(&self) -> bool {
        self.status == 503 && self.header("retry-after").is_some()
    }

    /// The events of a streamed answer.
    ///
    /// # Errors
    ///
    /// The part of it that is not an event.
    pub fn events(&self) -> Result<Vec<Event>, String> {
        let text = std::str::from_utf8(&self.body).map_err(|error| error.to_string())?;
        let mut events = Vec::new();
        for block in text.split_terminator("\n\n") {
            // A comment says that the script still runs.
            if block.starts_with(':') {
                continue;
            }
            let (name, data) = block
                .split_once('\n')
                .and_then(|(name, data)| {
                    let name = name.strip_prefix("event: ")?;
                    Some((name, data.strip_prefix("data: ")?))
                })
                .ok_or_else(|| format!("not an event: {}", shortened(block)))?;
            events.push(Event {
                name: name.to_owned(),
                data: serde_json::from_str(data).map_err(|error| format!("{name}: {error}"))?,
            });
        }
        Ok(events)
    }

    /// The answer in one line, for messages.
    pub fn summary(&self) -> String {
        format!("{} {}", self.status, shortened(&self.text()))
    }
}

/// The beginning of a text, as long as fits a message.
fn shortened(text: &str) -> String {
    let end = text.floor_char_boundary(300);
    let more = if end < text.len() { " ..." } else { "" };
    format!("{}{more}", text[..end].escape_debug())
}
