//! Words of a worker, made fit for our log: a script that broke out could write them.

/// The most of one thing that is said, in characters: our own reasons are far shorter.
pub(crate) const CHARACTERS: usize = 300;

/// The text on one line, cut to a decent length, with whatever is not to be seen escaped.
pub(crate) fn hearsay(text: &str) -> String {
    let mut heard = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == CHARACTERS {
            heard.push('…');
            break;
        }
        if character.is_control() || is_mark(character) {
            heard.extend(character.escape_unicode());
        } else {
            heard.push(character);
        }
    }
    heard
}

/// Characters that separate lines or change the order in which others are shown.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_looks_like_a_line_of_ours() {
        assert_eq!(
            hearsay("a\n2026 INFO ready\r\u{1b}[2J\u{9b}\u{202e}ß"),
            "a\\u{a}2026 INFO ready\\u{d}\\u{1b}[2J\\u{9b}\\u{202e}ß"
        );
        let long = hearsay(&"é".repeat(1_000_000));
        assert_eq!(long.chars().count(), CHARACTERS + 1);
    }
}
