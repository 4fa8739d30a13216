//! What a script displays, as it comes through the door: checked, counted, kept. As natively, in
//! `host/src/sandbox/shown.rs`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The most items of a script.
const ITEMS: usize = 32;

/// The largest of them, in bytes, and all of them together.
pub(crate) const ITEM_BYTES: usize = 2 << 20;
const BYTES: usize = 4 << 20;

/// The lengths of media type and words, before both and the data.
pub(crate) const HEADER_BYTES: usize = 5;

/// The longest media type: those that are registered have far less.
const MIME_BYTES: usize = 100;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) mime: String,
    pub(crate) data: Vec<u8>,
    pub(crate) alt: Option<String>,
}

/// The items of one script. A script may forge them: like its answer, they are only its own.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) items: Vec<Item>,
    /// Whether items are missing.
    pub(crate) is_cut: bool,
    bytes: usize,
}

impl Shown {
    /// Takes an item: see `python-runtime/harness/README.md`. What makes no sense, or is too much,
    /// is left out.
    pub(crate) fn take(&mut self, content: &[u8]) {
        // Looked at before it is decoded: what is decoded has no fewer bytes.
        let may_fit = self.items.len() < ITEMS
            && content.len() <= ITEM_BYTES + HEADER_BYTES
            && self.bytes + content.len() <= BYTES + HEADER_BYTES;
        match may_fit.then(|| item(content)).flatten() {
            Some(item) if self.has_room_for(&item) => {
                self.bytes += bytes(&item);
                self.items.push(item);
            }
            _ => self.is_cut = true,
        }
    }

    fn has_room_for(&self, item: &Item) -> bool {
        let bytes = bytes(item);
        bytes <= ITEM_BYTES && self.bytes + bytes <= BYTES
    }
}

/// What an item counts: what is kept of it, after decoding, which makes three bytes of one that is no
/// text.
fn bytes(item: &Item) -> usize {
    let alt = item.alt.as_ref().map_or(0, String::len);
    item.mime.len() + item.data.len() + alt
}

fn item(content: &[u8]) -> Option<Item> {
    let (header, rest) = content.split_first_chunk::<HEADER_BYTES>()?;
    let [mime_bytes, alt_bytes @ ..] = *header;
    let (mime, rest) = rest.split_at_checked(usize::from(mime_bytes))?;
    let (alt, data) = rest.split_at_checked(u32::from_le_bytes(alt_bytes) as usize)?;
    let mime = core::str::from_utf8(mime).ok()?;
    let mime = is_media_type(mime).then(|| mime.to_ascii_lowercase())?;
    Some(Item {
        data: match is_text(&mime) {
            true => text(data)?.into_bytes(),
            false => data.to_owned(),
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
    if let Ok(text) = core::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.len() > ITEM_BYTES {
            return None;
        }
    }
    Some(text)
}

/// Whether what has this media type is text.
fn is_text(mime: &str) -> bool {
    let (main, sub) = mime.split_once('/').unwrap_or((mime, ""));
    let is = |name: &str| sub == name || sub.strip_suffix(name).is_some_and(|it| it.ends_with('+'));
    main == "text" || is("json") || is("xml")
}

/// Whether it has the form of RFC 6838, without parameters: two names and a slash.
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

    #[test]
    fn items_are_taken_and_too_many_or_nonsense_are_cut() {
        let mut shown = Shown::default();
        shown.take(b"\x09\x03\0\0\0image/PNGdotdata");
        assert_eq!(shown.items[0].mime, "image/png");
        assert_eq!(shown.items[0].alt.as_deref(), Some("dot"));
        assert_eq!(
            (shown.items[0].data.as_slice(), shown.is_cut),
            (&b"data"[..], false)
        );
        shown.take(b"\xff\0\0\0\0text/plain");
        assert_eq!((shown.items.len(), shown.is_cut), (1, true));
        for _ in 0..100 {
            shown.take(b"\x0a\0\0\0\0text/plainx");
        }
        assert_eq!(shown.items.len(), ITEMS);
    }

    /// Each of these bytes becomes three.
    #[test]
    fn what_grows_when_it_is_decoded_is_counted_afterwards() {
        let len = ITEM_BYTES / 3 - 10;
        let in_words = |len: usize| {
            let mut frame = b"\x0a\0\0\0\0text/plain".to_vec();
            frame[1..5].copy_from_slice(&(len as u32).to_le_bytes());
            frame.resize(frame.len() + len, 0xff);
            frame
        };
        let mut shown = Shown::default();
        shown.take(&in_words(ITEM_BYTES - 10));
        assert!(shown.items.is_empty() && shown.is_cut);
        for _ in 0..3 {
            shown.take(&in_words(len));
        }
        assert_eq!(shown.items.len(), 2);
    }
}
