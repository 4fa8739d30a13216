//! Bytes of a script as text.

use core::fmt::{self, Write as _};
use serde::{Serialize, Serializer};

/// Bytes as text: what is no UTF-8 becomes U+FFFD, a piece at a time, without a copy of the whole.
#[derive(Debug, Clone, Copy)]
pub struct Lossy<'a>(pub &'a [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Lossy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    #[test]
    fn text_is_made_as_the_standard_library_makes_it() {
        for bytes in [
            &b""[..],
            b"plain \"quoted\" \0\n",
            b"\xff",
            b"a\xe2\x82b\xf0\x9f\x98",
            "\u{20ac}\u{1f600}".as_bytes(),
        ] {
            let expected = serde_json::to_string(&String::from_utf8_lossy(bytes));
            let found = serde_json::to_string(&Lossy(bytes));
            assert_eq!(found.unwrap(), expected.unwrap());
        }
    }
}
