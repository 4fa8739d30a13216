//! `input`: any JSON value, handed to the script as the text it came in.

use serde_json::value::RawValue;

use super::value::LONE_SURROGATE;
use crate::error::ApiError;

/// Deepest nesting of `input`: interpreters decode JSON by recursion, some on a small stack.
pub const MAX_DEPTH: usize = 128;

/// The text of `input`, if every interpreter can decode it.
pub(super) fn text(raw: &RawValue) -> Result<String, ApiError> {
    let text = raw.get();
    check_depth(text)?;
    check_surrogates(text)?;
    Ok(text.to_owned())
}

/// Counts brackets outside strings; the text is known to be well-formed.
fn check_depth(text: &str) -> Result<(), ApiError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ApiError::invalid(format!(
                        "input: expected at most {MAX_DEPTH} levels of nesting, found more"
                    )));
                }
            }
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

/// Finds escapes of half a surrogate pair, for which Python has strings but UTF-8 has none.
fn check_surrogates(text: &str) -> Result<(), ApiError> {
    let mut rest = text;
    while let Some(position) = rest.find('\\') {
        let escape = &rest[position..];
        let length = match code_unit(escape) {
            None => 2,
            Some(0xd800..=0xdbff) if is_low_surrogate(&escape[6..]) => 12,
            Some(0xd800..=0xdfff) => {
                return Err(ApiError::invalid(format!("input: {LONE_SURROGATE}")));
            }
            Some(_) => 6,
        };
        rest = &escape[length..];
    }
    Ok(())
}

fn is_low_surrogate(text: &str) -> bool {
    matches!(code_unit(text), Some(0xdc00..=0xdfff))
}

/// The UTF-16 code unit that a text starts with, if it does as `\uXXXX`.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}
