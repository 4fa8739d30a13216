//! The collector of what a script displays: items as they come through the door, checked, counted, kept.

use crate::DisplayItem;
use crate::caps::{DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS};
use crate::display::is_text;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The lengths of media type and words, before both and the data.
pub const ITEM_HEADER_BYTES: usize = 5;

/// The longest media type: those that are registered have far less.
const MIME_BYTES: usize = 100;

/// The items of one script. A script may forge them: like its answer, they are only its own.
#[derive(Debug, Default)]
pub struct DisplayCollector {
    items: Vec<DisplayItem>,
    is_cut: bool,
    bytes: usize,
}

impl DisplayCollector {
    /// Takes an item: see `python-runtime/harness/README.md`. What makes no sense, or is too much,
    /// is left out; else it gives the item.
    pub fn take(&mut self, content: &[u8]) -> Option<&DisplayItem> {
        // Looked at before it is decoded: what is decoded has no fewer bytes.
        let may_fit = self.may_take(content.len())
            && self.items.len() < DISPLAY_ITEMS
            && self.bytes + content.len() <= DISPLAY_BYTES + ITEM_HEADER_BYTES;
        let item = may_fit.then(|| item(content)).flatten();
        let Some(item) = item.filter(|item| self.has_room_for(item)) else {
            self.is_cut = true;
            return None;
        };
        self.bytes += item.bytes();
        self.items.push(item);
        self.items.last()
    }

    /// `true` if an item whose content has so many bytes may be small enough to be read.
    #[must_use]
    pub fn may_take(&self, content_bytes: usize) -> bool {
        content_bytes <= DISPLAY_ITEM_BYTES + ITEM_HEADER_BYTES
    }

    /// Notes that items are missing.
    pub fn cut(&mut self) {
        self.is_cut = true;
    }

    /// `true` if items are missing: one was too much, or made no sense.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The items taken so far, in order.
    #[must_use]
    pub fn items(&self) -> &[DisplayItem] {
        &self.items
    }

    /// All items taken, in order.
    #[must_use]
    pub fn into_items(self) -> Vec<DisplayItem> {
        self.items
    }

    /// An item counts what is kept of it, after decoding, which makes three bytes of one that is no
    /// text.
    fn has_room_for(&self, item: &DisplayItem) -> bool {
        let bytes = item.bytes();
        bytes <= DISPLAY_ITEM_BYTES && self.bytes + bytes <= DISPLAY_BYTES
    }
}

fn item(content: &[u8]) -> Option<DisplayItem> {
    let (header, rest) = content.split_first_chunk::<ITEM_HEADER_BYTES>()?;
    let [mime_bytes, alt_bytes @ ..] = *header;
    let (mime, rest) = rest.split_at_checked(usize::from(mime_bytes))?;
    let (alt, data) = rest.split_at_checked(u32::from_le_bytes(alt_bytes) as usize)?;
    let mime = str::from_utf8(mime).ok()?;
    let mime = is_media_type(mime).then(|| mime.to_ascii_lowercase())?;
    Some(DisplayItem {
        data: match is_text(&mime) {
            true => text(data)?.into_bytes(),
            false => data.to_vec(),
        },
        alt: match alt {
            [] => None,
            words => Some(text(words)?),
        },
        mime,
    })
}

/// Bytes as text, with U+FFFD for what is none; `None` as soon as it is more than an item may have.
fn text(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.len() > DISPLAY_ITEM_BYTES {
            return None;
        }
    }
    Some(text)
}

/// `true` if the text has the form of RFC 6838, without parameters: two names and a slash.
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        bytes
            .next()
            .is_some_and(|first| first.is_ascii_alphanumeric())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.len() <= MIME_BYTES
        && text
            .split_once('/')
            .is_some_and(|(main, sub)| is_name(main) && is_name(sub))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    fn frame(mime: &str, alt: impl AsRef<[u8]>, data: &[u8]) -> Vec<u8> {
        let alt = alt.as_ref();
        let mut frame = vec![u8::try_from(mime.len()).unwrap()];
        frame.extend(u32::try_from(alt.len()).unwrap().to_le_bytes());
        frame.extend_from_slice(mime.as_bytes());
        frame.extend_from_slice(alt);
        frame.extend_from_slice(data);
        frame
    }

    #[test]
    fn an_item_is_what_was_sent() {
        let mut collector = DisplayCollector::default();
        collector.take(&frame("image/PNG", "a dot", b"\x89"));
        collector.take(&frame("text/plain", "", b""));
        let expected = DisplayItem {
            mime: "image/png".to_owned(),
            data: vec![0x89],
            alt: Some("a dot".to_owned()),
        };
        assert_eq!(collector.items[0], expected);
        assert_eq!((collector.items.len(), &collector.items[1].alt), (2, &None));
        assert!(!collector.is_cut);
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let mut long = frame("text/plain", "", b"");
        long[1] = 200;
        for content in [
            &b""[..],
            b"\x01\0\0\0",
            b"\xff\0\0\0\0text/plain",
            &long,
            &frame("text", "", b"x"),
            &frame("text/", "", b"x"),
            &frame("text/a b", "", b"x"),
            &frame("text/html; charset=x", "", b"x"),
            &frame("t\u{e9}xt/html", "", b"x"),
        ] {
            let mut collector = DisplayCollector::default();
            collector.take(content);
            assert!(
                collector.items.is_empty() && collector.is_cut,
                "{content:?}"
            );
        }
    }

    #[test]
    fn a_script_that_ignores_the_caps_gains_nothing() {
        let mut collector = DisplayCollector::default();
        for _ in 0..1_000 {
            collector.take(&frame("text/plain", "", b"x"));
        }
        assert_eq!(
            (collector.items.len(), collector.is_cut),
            (DISPLAY_ITEMS, true)
        );

        let mut collector = DisplayCollector::default();
        collector.take(&frame("text/plain", "", &vec![b'x'; DISPLAY_ITEM_BYTES]));
        assert!(collector.items.is_empty() && collector.is_cut);
        for _ in 0..DISPLAY_ITEMS {
            collector.take(&frame(
                "text/plain",
                "",
                &vec![b'x'; DISPLAY_ITEM_BYTES - 10],
            ));
        }
        let bytes: usize = collector.items.iter().map(|item| item.data.len()).sum();
        assert!(!collector.items.is_empty() && bytes <= DISPLAY_BYTES);
    }

    /// Each of these bytes becomes three.
    #[test]
    fn what_grows_when_it_is_decoded_is_counted_afterwards() {
        const LEN: usize = DISPLAY_ITEM_BYTES / 3 - 10;
        let noise = vec![0xff; LEN];
        let mut collector = DisplayCollector::default();
        collector.take(&frame(
            "text/plain",
            vec![0xff; DISPLAY_ITEM_BYTES - 10],
            b"",
        ));
        collector.take(&frame("text/plain", "", &[0xff; LEN + 10]));
        assert!(collector.items.is_empty() && collector.is_cut);
        collector.take(&frame("text/plain", &noise, b""));
        collector.take(&frame("text/plain", "", &noise));
        assert_eq!(collector.items[0].alt.as_ref().unwrap().len(), 3 * LEN);
        assert_eq!(collector.items[1].data, "\u{fffd}".repeat(LEN).as_bytes());
        collector.take(&frame("text/plain", "", &noise));
        assert_eq!(collector.items.len(), 2);
        // Images are no text.
        let mut collector = DisplayCollector::default();
        collector.take(&frame("image/png", "", &[0xff; DISPLAY_ITEM_BYTES - 10]));
        assert_eq!(collector.items.len(), 1);
    }
}
