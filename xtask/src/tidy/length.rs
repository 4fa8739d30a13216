//! Files are short: past 400 lines there is a second concept inside.

use super::deviations::{Deviation, Deviations, Finding};
use super::sources::Sources;
use anyhow::Result;

/// The most lines of a file.
const LINES: usize = 400;

/// The files that people write and read. Data, documents and lockfiles may be as long as they are.
const EXTENSIONS: &[&str] = &["css", "js", "mjs", "py", "rs", "sh", "ts"];

/// The page as it is built from its sources.
const BUILT: &str = "guest-component/assets/";

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let mut deviations = Deviations::new();
    for path in sources.with_extension(EXTENSIONS) {
        if path.starts_with(BUILT) {
            continue;
        }
        let lines = sources.read(path)?.lines().count();
        if lines > LINES {
            let deviation = Deviation {
                amount: lines as u64,
                details: String::new(),
            };
            deviations.insert(path.to_owned(), deviation);
        }
    }
    Ok(Finding {
        rule: "length",
        text: "a file has at most 400 lines (lines)",
        deviations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn a_long_file_is_named_with_its_lines() {
        let long = "x\n".repeat(LINES + 1);
        let (_directory, sources) = repository(&[
            ("short.rs", &long[2..]),
            ("long.rs", &long),
            ("long.json", &long),
            ("guest-component/assets/page.js", &long),
        ]);
        let found = find(&sources).unwrap().deviations;
        assert_eq!(found.len(), 1);
        assert_eq!(found["long.rs"].amount, 401);
    }
}
