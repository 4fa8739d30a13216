//! What a running script gives, for whoever wants it before the end.

use crate::{DISPLAY_ITEM_BYTES, DisplayItem, Heard, LimitPolicy};
use belljar_engine::Stream;

/// The most that a script may be ahead of who reads its events, as [counted](Event::cost): then it
/// waits. Enough for the reader never to wait for a script that goes on while the last piece is on
/// its way, and little enough that hundreds of readers that do not read are no burden.
pub(crate) const AHEAD_BYTES: usize = 256 << 10;

/// What an event takes of memory beside its bytes, wherever it waits.
const EVENT_BYTES: usize = 64;

/// The most that is on its way of an execution with these limits: what it may be ahead, and the write
/// or the item that went over that. A script waits only after it has given something, so that what
/// is kept of it is told as well.
pub(crate) fn most_ahead(policy: &LimitPolicy) -> usize {
    let write = usize::try_from(policy.maximum.output_bytes).unwrap_or(usize::MAX);
    // A long write goes in pieces, each an event.
    let write = write.saturating_add(write / 256);
    // Decoded words may be longer than those that were counted: three bytes for one.
    let item = 3 * DISPLAY_ITEM_BYTES;
    write.max(item).saturating_add(AHEAD_BYTES + EVENT_BYTES)
}

/// Something that a script gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It has got its sandbox. Comes once, as the first event.
    Started,
    /// It wrote to stdout: bytes, which may end in the middle of a character.
    Stdout(Vec<u8>),
    /// It wrote to stderr, likewise.
    Stderr(Vec<u8>),
    /// It displayed something.
    Display(DisplayItem),
}

impl Event {
    /// What it counts while it is on its way: its bytes, and something for itself.
    pub fn cost(&self) -> usize {
        EVENT_BYTES
            + match self {
                Self::Started => 0,
                Self::Stdout(bytes) | Self::Stderr(bytes) => bytes.len(),
                Self::Display(item) => item.bytes(),
            }
    }
}

/// Events in order, what a script wrote to one stream in one piece, with what they count.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    events: Vec<Event>,
    cost: usize,
}

impl Batch {
    /// Appends what a script gave; says what that counts.
    pub(crate) fn add(&mut self, heard: Heard<'_>) -> usize {
        let cost = match (self.events.last_mut(), heard) {
            (Some(Event::Stdout(text)), Heard::Output(Stream::Stdout, bytes))
            | (Some(Event::Stderr(text)), Heard::Output(Stream::Stderr, bytes)) => {
                text.extend_from_slice(bytes);
                bytes.len()
            }
            (_, heard) => {
                let event = match heard {
                    Heard::Output(Stream::Stdout, bytes) => Event::Stdout(bytes.to_vec()),
                    Heard::Output(Stream::Stderr, bytes) => Event::Stderr(bytes.to_vec()),
                    Heard::Display(item) => Event::Display(DisplayItem::clone(item)),
                };
                let cost = event.cost();
                self.events.push(event);
                cost
            }
        };
        self.cost += cost;
        cost
    }

    pub(crate) fn cost(&self) -> usize {
        self.cost
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn into_events(self) -> Vec<Event> {
        self.events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_counts_what_its_events_count() {
        let item = DisplayItem {
            mime: "text/plain".to_owned(),
            data: b"data".to_vec(),
            alt: Some("words".to_owned()),
        };
        let mut batch = Batch::default();
        let mut added = 0;
        for heard in [
            Heard::Output(Stream::Stdout, b"a"),
            Heard::Output(Stream::Stdout, b"b"),
            Heard::Output(Stream::Stderr, b"c"),
            Heard::Display(&item),
            Heard::Output(Stream::Stdout, b"d"),
        ] {
            added += batch.add(heard);
        }
        let cost = batch.cost();
        let events = batch.into_events();
        let expected = [
            Event::Stdout(b"ab".to_vec()),
            Event::Stderr(b"c".to_vec()),
            Event::Display(item),
            Event::Stdout(b"d".to_vec()),
        ];
        assert_eq!(events, expected);
        assert_eq!(added, cost);
        assert_eq!(cost, events.iter().map(Event::cost).sum::<usize>());
    }
}
