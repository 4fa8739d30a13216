//! Events as they travel while a script runs.

use super::wire::{WireItem, bytes};
use crate::Event;
use serde::{Deserialize, Serialize};

/// The variants of [`Event`], but for the first, which the server knows by itself.
#[derive(Debug, Serialize, Deserialize)]
enum Told<'a> {
    Stdout(#[serde(serialize_with = "bytes")] &'a [u8]),
    Stderr(#[serde(serialize_with = "bytes")] &'a [u8]),
    Display(#[serde(borrow)] WireItem<'a>),
}

impl<'a> Told<'a> {
    fn of(event: &'a Event) -> Option<Self> {
        Some(match event {
            Event::Started => return None,
            Event::Stdout(bytes) => Self::Stdout(bytes),
            Event::Stderr(bytes) => Self::Stderr(bytes),
            Event::Display(item) => Self::Display(item.into()),
        })
    }
}

/// Events one after the other, as they travel. Not as a list: whoever decodes one takes memory for all
/// of it before it can count.
pub(crate) fn encode_events(events: Vec<Event>) -> Vec<u8> {
    let size = events.iter().map(Event::cost).sum();
    let mut bytes = Vec::with_capacity(size);
    for told in events.iter().filter_map(Told::of) {
        // Bytes and text always have a form.
        if let Ok(longer) = postcard::to_extend(&told, std::mem::take(&mut bytes)) {
            bytes = longer;
        }
    }
    bytes
}

/// The events of such bytes, one after the other. There are none after an error.
pub(crate) fn decode_events(
    mut bytes: &[u8],
) -> impl Iterator<Item = Result<Event, postcard::Error>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let found = postcard::take_from_bytes::<Told<'_>>(std::mem::take(&mut bytes));
        Some(found.map(|(told, rest)| {
            bytes = rest;
            told.to_event()
        }))
    })
}

impl Told<'_> {
    fn to_event(&self) -> Event {
        match self {
            Self::Stdout(bytes) => Event::Stdout(bytes.to_vec()),
            Self::Stderr(bytes) => Event::Stderr(bytes.to_vec()),
            Self::Display(item) => Event::Display(item.to_item()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DisplayItem;

    #[test]
    fn events_arrive_as_they_were_sent_and_noise_ends_them() {
        let item = DisplayItem {
            mime: "image/png".to_owned(),
            data: vec![0x89, 0],
            alt: Some("a dot".to_owned()),
        };
        let events = vec![
            Event::Stdout(vec![255, 0]),
            Event::Stderr(Vec::new()),
            Event::Display(item),
            Event::Stdout(b"x".to_vec()),
        ];
        let mut bytes = encode_events(events.clone());
        let arrived: Result<Vec<_>, _> = decode_events(&bytes).collect();
        assert_eq!(arrived.unwrap(), events);
        bytes.extend([9, 9, 9]);
        let arrived: Vec<_> = decode_events(&bytes).collect();
        assert_eq!(arrived.len(), events.len() + 1);
        assert!(arrived[events.len()].is_err());
    }
}
