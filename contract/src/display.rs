//! The items that a script displays beside its answer: figures, tables, formulas.

use crate::Lossy;
use alloc::string::String;
use alloc::vec::Vec;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::value::RawValue;

/// An item that a script wants to be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct DisplayItem {
    /// The media type: `image/png`, `text/html`. HTML and SVG are the script's own: whoever shows
    /// them takes care that they can do nothing.
    pub mime: String,
    /// The item itself; text is UTF-8.
    pub data: Vec<u8>,
    /// The same in words.
    pub alt: Option<String>,
}

impl DisplayItem {
    /// The size of the item: media type, data and words together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.mime.len() + self.data.len() + self.alt.as_ref().map_or(0, String::len)
    }
}

impl fmt::Debug for DisplayItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DisplayItem")
            .field("mime", &self.mime)
            .field("bytes", &self.data.len())
            .field("alt", &self.alt)
            .finish()
    }
}

/// As the HTTP API has it: JSON as it is, other text as a string, all else as base64. Nothing of it
/// is copied.
impl Serialize for DisplayItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_struct("DisplayItem", 3)?;
        item.serialize_field("mime", &self.mime)?;
        // Text that is no JSON after all stays text.
        let json: Option<&RawValue> = is_json(&self.mime)
            .then(|| serde_json::from_slice(&self.data).ok())
            .flatten();
        match json {
            Some(json) => item.serialize_field("data", json)?,
            None if is_text(&self.mime) => item.serialize_field("data", &Lossy(&self.data))?,
            None => item.serialize_field("data", &Base64(&self.data))?,
        }
        match &self.alt {
            Some(alt) => item.serialize_field("alt", alt)?,
            None => item.skip_field("alt")?,
        }
        item.end()
    }
}

/// Bytes that may be anything: four characters for three, written as they are encoded.
pub(crate) struct Base64<'a>(pub(crate) &'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// `true` if data of this media type is text.
pub(crate) fn is_text(mime: &str) -> bool {
    let (main, sub) = mime.split_once('/').unwrap_or((mime, ""));
    main == "text" || is_json(mime) || sub == "xml" || sub.ends_with("+xml")
}

fn is_json(mime: &str) -> bool {
    let (_, sub) = mime.split_once('/').unwrap_or((mime, ""));
    sub == "json" || sub.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;
    use std::format;

    #[test]
    fn an_item_is_written_as_the_http_api_has_it() {
        for (mime, data, alt, expected) in [
            ("text/html", &b"<b>"[..], Some("b"), r#""<b>","alt":"b""#),
            ("text/plain", b"\xff", None, "\"\u{fffd}\""),
            ("application/json", b"[1e400]", None, "[1e400]"),
            ("application/geo+json", b"{}", None, "{}"),
            ("application/json", b"[", None, r#""[""#),
            ("image/svg+xml", b"<svg/>", None, r#""<svg/>""#),
            ("image/png", b"\x89P", None, r#""iVA=""#),
            ("nothing", b"x", None, r#""eA==""#),
        ] {
            let item = DisplayItem {
                mime: mime.to_owned(),
                data: data.to_vec(),
                alt: alt.map(str::to_owned),
            };
            let text = serde_json::to_string(&item).unwrap();
            assert_eq!(text, format!(r#"{{"mime":"{mime}","data":{expected}}}"#));
        }
    }
}
