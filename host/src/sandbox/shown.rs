//! What a script displays, as it comes through the door: checked, counted, kept.

use crate::DisplayItem;
use crate::display::is_text;
use crate::event::{Heard, Listener};
use crate::limits::{DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS};
use belljar_engine::Stop;

/// The lengths of media type and words, before both and the data.
const HEADER_BYTES: usize = 5;

/// The longest media type: those that are registered have far less.
const MIME_BYTES: usize = 100;

/// The items of one script. A script may forge them: like its answer, they are only its own.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) items: Vec<DisplayItem>,
    /// Whether items are missing.
    pub(super) is_cut: bool,
    bytes: usize,
    /// Who hears of them at once.
    pub(super) listener: Option<Listener>,
}

impl Shown {
    /// Takes an item: see `python-runtime/harness/README.md`. What makes no sense, or is too much,
    /// is left out.
    ///
    /// # Errors
    ///
    /// When the run was interrupted while it waited for whoever hears of it.
    pub(super) fn take(&mut self, content: &[u8]) -> Result<(), Stop> {
        // Looked at before it is decoded: what is decoded has no fewer bytes.
        let may_fit = self.items.len() < DISPLAY_ITEMS
            && content.len() <= DISPLAY_ITEM_BYTES + HEADER_BYTES
            && self.bytes + content.len() <= DISPLAY_BYTES + HEADER_BYTES;
        match may_fit.then(|| item(content)).flatten() {
            Some(item) if self.has_room_for(&item) => {
                self.bytes += bytes(&item);
                let heard = match &self.listener {
                    Some(listener) => listener(Heard::Display(&item)),
                    None => Ok(()),
                };
                self.items.push(item);
                heard.map_err(Stop::Interrupted)
            }
            _ => {
                self.is_cut = true;
                Ok(())
            }
        }
    }

    fn has_room_for(&self, item: &DisplayItem) -> bool {
        let bytes = bytes(item);
        bytes <= DISPLAY_ITEM_BYTES && self.bytes + bytes <= DISPLAY_BYTES
    }
}

/// What an item counts: what is kept of it, after decoding, which makes three bytes of one that is no
/// text.
fn bytes(item: &DisplayItem) -> usize {
    let alt = item.alt.as_ref().map_or(0, String::len);
    item.mime.len() + item.data.len() + alt
}

fn item(content: &[u8]) -> Option<DisplayItem> {
    let (header, rest) = content.split_first_chunk::<HEADER_BYTES>()?;
    let [mime_bytes, alt_bytes @ ..] = *header;
    let (mime, rest) = rest.split_at_checked(usize::from(mime_bytes))?;
    let (alt, data) = rest.split_at_checked(u32::from_le_bytes(alt_bytes) as usize)?;
    let mime = std::str::from_utf8(mime).ok()?;
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
    if let Ok(text) = std::str::from_utf8(bytes) {
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
        let mut shown = Shown::default();
        shown.take(&frame("image/PNG", "a dot", b"\x89")).unwrap();
        shown.take(&frame("text/plain", "", b"")).unwrap();
        let expected = DisplayItem {
            mime: "image/png".to_owned(),
            data: vec![0x89],
            alt: Some("a dot".to_owned()),
        };
        assert_eq!(shown.items[0], expected);
        assert_eq!((shown.items.len(), &shown.items[1].alt), (2, &None));
        assert!(!shown.is_cut);
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
            let mut shown = Shown::default();
            shown.take(content).unwrap();
            assert!(shown.items.is_empty() && shown.is_cut, "{content:?}");
        }
    }

    #[test]
    fn a_script_that_ignores_the_caps_gains_nothing() {
        let mut shown = Shown::default();
        for _ in 0..1_000 {
            shown.take(&frame("text/plain", "", b"x")).unwrap();
        }
        assert_eq!((shown.items.len(), shown.is_cut), (DISPLAY_ITEMS, true));

        let mut shown = Shown::default();
        shown
            .take(&frame("text/plain", "", &vec![b'x'; DISPLAY_ITEM_BYTES]))
            .unwrap();
        assert!(shown.items.is_empty() && shown.is_cut);
        for _ in 0..DISPLAY_ITEMS {
            shown
                .take(&frame(
                    "text/plain",
                    "",
                    &vec![b'x'; DISPLAY_ITEM_BYTES - 10],
                ))
                .unwrap();
        }
        let bytes: usize = shown.items.iter().map(|item| item.data.len()).sum();
        assert!(!shown.items.is_empty() && bytes <= DISPLAY_BYTES);
    }

    /// Each of these bytes becomes three.
    #[test]
    fn what_grows_when_it_is_decoded_is_counted_afterwards() {
        const LEN: usize = DISPLAY_ITEM_BYTES / 3 - 10;
        let noise = vec![0xff; LEN];
        let mut shown = Shown::default();
        shown
            .take(&frame(
                "text/plain",
                vec![0xff; DISPLAY_ITEM_BYTES - 10],
                b"",
            ))
            .unwrap();
        shown
            .take(&frame("text/plain", "", &[0xff; LEN + 10]))
            .unwrap();
        assert!(shown.items.is_empty() && shown.is_cut);
        shown.take(&frame("text/plain", &noise, b"")).unwrap();
        shown.take(&frame("text/plain", "", &noise)).unwrap();
        assert_eq!(shown.items[0].alt.as_ref().unwrap().len(), 3 * LEN);
        assert_eq!(shown.items[1].data, "\u{fffd}".repeat(LEN).as_bytes());
        shown.take(&frame("text/plain", "", &noise)).unwrap();
        assert_eq!(shown.items.len(), 2);
        // Images are no text.
        let mut shown = Shown::default();
        shown
            .take(&frame("image/png", "", &[0xff; DISPLAY_ITEM_BYTES - 10]))
            .unwrap();
        assert_eq!(shown.items.len(), 1);
    }
}
