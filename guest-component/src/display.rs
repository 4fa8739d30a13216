//! What a script displayed, as JSON.

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::contract::DisplayItem;
use crate::written::Lossy;

/// An item of `display`.
#[derive(Serialize)]
pub(crate) struct Item<'a> {
    mime: &'a str,
    data: Data<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
}

/// Its data, in the form that is the least trouble to clients.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    /// JSON as it is: numbers exact.
    Json(&'a RawValue),
    Text(Lossy<'a>),
    Base64(Base64<'a>),
}

/// Bytes that may be anything: four characters for three.
struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

impl<'a> Item<'a> {
    pub(crate) fn new(item: &'a DisplayItem) -> Self {
        Self {
            mime: &item.mime,
            data: Data::new(&item.mime, &item.data),
            alt: item.alt.as_deref(),
        }
    }
}

impl<'a> Data<'a> {
    fn new(mime: &str, bytes: &'a [u8]) -> Self {
        let (main, sub) = mime.split_once('/').unwrap_or((mime, ""));
        if sub == "json" || sub.ends_with("+json") {
            // Text that is no JSON after all stays text.
            if let Ok(json) = serde_json::from_slice(bytes) {
                return Self::Json(json);
            }
        }
        let is_text = main == "text" || sub == "json" || sub.ends_with("+json") || is_xml(sub);
        if is_text {
            Self::Text(Lossy(bytes))
        } else {
            Self::Base64(Base64(bytes))
        }
    }
}

fn is_xml(sub: &str) -> bool {
    sub == "xml" || sub.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(mime: &str, data: &[u8]) -> String {
        let item = DisplayItem {
            mime: mime.to_owned(),
            data: data.to_vec(),
            alt: None,
        };
        serde_json::to_string(&Item::new(&item)).expect("an item has a JSON form")
    }

    #[test]
    fn text_is_text_json_is_json_and_the_rest_is_base64() {
        for (mime, data, expected) in [
            ("text/html", &b"<b>"[..], r#""<b>""#),
            ("text/plain", b"\xff", "\"\u{fffd}\""),
            ("image/svg+xml", b"<svg/>", r#""<svg/>""#),
            ("application/json", b"[1e400]", "[1e400]"),
            ("application/geo+json", b"{}", "{}"),
            ("application/json", b"[", r#""[""#),
            ("image/png", b"\x89P", r#""iVA=""#),
            ("nothing", b"x", r#""eA==""#),
        ] {
            let expected = format!(r#"{{"mime":"{mime}","data":{expected}}}"#);
            assert_eq!(json(mime, data), expected);
        }
    }
}
