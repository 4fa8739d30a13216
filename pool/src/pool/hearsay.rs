//! What a worker says in words, made fit for our log: a script that broke out could write it.

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;

/// The most of one thing that is said, in characters: our own reasons are far shorter.
const CHARACTERS: usize = 300;

/// The most lines that are logged of what one worker writes to its standard error. A panic has five.
const LINES: usize = 20;

/// The text on one line, cut to a decent length, with whatever is not to be seen escaped.
pub(super) fn hearsay(text: &str) -> String {
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

/// Logs what a worker writes to its standard error, up to a bound; the rest is read and forgotten, so that
/// it never waits for us.
pub(super) async fn log_errors(mut errors: Receiver, worker: usize, pid: u32) {
    let mut lines = 0;
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = errors.read(&mut chunk).await {
        for byte in &chunk[..count] {
            if *byte != b'\n' {
                // Four bytes a character, at most.
                if line.len() <= 4 * CHARACTERS {
                    line.push(*byte);
                }
                continue;
            }
            if lines < LINES {
                let said = hearsay(&String::from_utf8_lossy(&line));
                tracing::warn!(worker, pid, said, "worker wrote to its standard error");
            }
            lines += 1;
            line.clear();
        }
    }
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
