//! One line for one event, whatever is in it.
//!
//! Parts of a line come from elsewhere: what the front or a worker says, the name of a path. A line
//! feed in it would begin a line of its own, which could claim anything; control characters and
//! marks that turn the direction of text would have a terminal show something else than what is there.
//! They are written as JSON has them, so that a line in JSON stays one.

use std::borrow::Cow;
use std::fmt::Write;

/// The line as it is written: without what could be taken for something else. The line feed at its
/// end stays, and with `colours`, what turns colours on and off.
pub(super) fn plain(line: &[u8], colours: bool) -> Cow<'_, [u8]> {
    let (text, end) = match line.strip_suffix(b"\n") {
        Some(text) => (text, &b"\n"[..]),
        None => (line, &b""[..]),
    };
    // Nearly every line.
    if text.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(line);
    }
    let text = String::from_utf8_lossy(text);
    let mut plain = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    while let Some(character) = rest.chars().next() {
        let colour = if colours { colour_of(rest) } else { 0 };
        if colour > 0 {
            let (code, after) = rest.split_at(colour);
            plain.push_str(code);
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if misleads(character) {
            // Writing into a string does not fail. All that mislead fit into four digits.
            let _ = write!(plain, "\\u{:04x}", u32::from(character));
        } else {
            plain.push(character);
        }
    }
    plain.push_str(if end.is_empty() { "" } else { "\n" });
    Cow::Owned(plain.into_bytes())
}

/// Control characters, line ends, and what turns the direction of text.
fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// How many bytes of the beginning are a code for colours: `ESC [ 1 ; 31 m`.
fn colour_of(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let parameters = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b';')
        .count();
    match rest.as_bytes().get(parameters) {
        Some(b'm') => "\u{1b}[".len() + parameters + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, colours: bool) -> String {
        String::from_utf8(plain(line.as_bytes(), colours).into_owned()).unwrap()
    }

    #[test]
    fn what_misleads_is_shown_for_what_it_is() {
        for (line, expected) in [
            ("a path: /x\n", "a path: /x\n"),
            ("naïve – 日本語\n", "naïve – 日本語\n"),
            ("one\ntwo\r\n", "one\\u000atwo\\u000d\n"),
            ("\u{85}\u{9b}31m\u{7f}", "\\u0085\\u009b31m\\u007f"),
            ("\u{202e}gnp.\u{2066}\n", "\\u202egnp.\\u2066\n"),
            (
                "a\u{2028}b\u{2029}c\u{200f}\n",
                "a\\u2028b\\u2029c\\u200f\n",
            ),
            ("tab\there\n", "tab\\u0009here\n"),
            ("", ""),
        ] {
            assert_eq!(shown(line, false), expected);
        }
        assert_eq!(
            &*plain(b"\xff\xc3\n", false),
            "\u{fffd}\u{fffd}\n".as_bytes()
        );
    }

    #[test]
    fn colours_stay_where_there_are_any_and_nothing_else_of_the_kind() {
        let line = "\u{1b}[1;32mINFO\u{1b}[0m \u{1b}[2J\u{1b}]0;x\u{7}\n";
        assert_eq!(
            shown(line, true),
            "\u{1b}[1;32mINFO\u{1b}[0m \\u001b[2J\\u001b]0;x\\u0007\n"
        );
        assert!(!shown(line, false).contains('\u{1b}'));
    }

    #[test]
    fn a_line_of_json_stays_one() {
        let value = serde_json::json!({"message": "a\u{202e}\u{9f}\nb"});
        let line = format!("{value}\n");
        let plain = shown(&line, false);
        assert_ne!(plain, line);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&plain).unwrap(),
            value
        );
    }
}
