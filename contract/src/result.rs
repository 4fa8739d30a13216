//! The result of a script: JSON text, which it may have forged.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::value::RawValue;

/// A result's bytes as JSON text that every client can read: `None` if it is none, or if there is half
/// of a surrogate pair in it, which the grammar has and most decoders refuse.
pub(crate) fn checked(json: Vec<u8>) -> Option<Box<RawValue>> {
    let text = String::from_utf8(json).ok()?;
    let value = RawValue::from_string(text).ok()?;
    (!has_lone_surrogate(value.get())).then_some(value)
}

/// `true` if valid JSON text has an escape `\uD800` to `\uDFFF` that is not one of a pair.
pub(crate) fn has_lone_surrogate(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let unit = |text: &str| -> Option<u16> {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let escape = &rest[at..];
        // An escape is two bytes, or six.
        let (len, is_lone) = match unit(escape) {
            Some(0xD800..=0xDBFF) => match unit(&escape[6..]) {
                Some(0xDC00..=0xDFFF) => (12, false),
                _ => (6, true),
            },
            Some(0xDC00..=0xDFFF) => (6, true),
            _ => (2, false),
        };
        if is_lone {
            return true;
        }
        rest = &escape[len..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;

    #[test]
    fn half_a_surrogate_pair_is_found_wherever_it_is() {
        for (json, expected) in [
            (r#""a""#, false),
            (r#""\ud83d\ude00 \\ud800 \n\u00e9""#, false),
            (r#""\ud800""#, true),
            (r#""\uDC00""#, true),
            (r#"{"\ud83d\n": 1}"#, true),
            (r#"["\ud83d\ud83d\ude00"]"#, true),
            (r#""\\\ud800""#, true),
            (r#""\ude00\ud83d""#, true),
        ] {
            assert!(RawValue::from_string(json.to_owned()).is_ok(), "{json}");
            assert_eq!(has_lone_surrogate(json), expected, "{json}");
        }
    }
}
