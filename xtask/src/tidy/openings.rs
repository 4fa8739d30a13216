//! Doc comments name the thing: "The outcome of one execution.", not "What came out."

use super::deviations::{Deviation, Deviations, Finding};
use super::sources::Sources;
use anyhow::Result;

/// The words that a first sentence does not begin with.
const WORDS: [&str; 4] = ["What", "How", "Who", "Whether"];

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let mut deviations = Deviations::new();
    for path in sources.with_extension(&["rs"]) {
        let text = sources.read(path)?;
        for line in openings(&text) {
            let deviation = deviations
                .entry(package(sources, path))
                .or_insert(Deviation {
                    amount: 0,
                    details: String::new(),
                });
            deviation.amount += 1;
            deviation.details += &format!("\n    {path}:{line}");
        }
    }
    Ok(Finding {
        rule: "openings",
        text: "no doc comment begins with What, How, Who or Whether (comments of a package)",
        deviations,
    })
}

/// The package that a file belongs to.
fn package(sources: &Sources, path: &str) -> String {
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders
        .rev()
        .find(|folder| sources.has(&format!("{folder}/Cargo.toml")))
        .unwrap_or(path)
        .to_owned()
}

/// The lines with the beginning of such a doc comment.
fn openings(text: &str) -> impl Iterator<Item = usize> {
    let mut is_inside = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let line = line.trim_start();
        let comment = ["///", "//!"]
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .filter(|rest| !rest.starts_with('/'));
        let begins = comment.is_some() && !is_inside;
        is_inside = comment.is_some();
        let first = comment?.split_whitespace().next()?;
        let word = first.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        (begins && WORDS.contains(&word)).then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    /// A file, with `@` for the beginning of a comment: this one is checked itself.
    const TEXT: &str = "\
@! What this is.
@!
@! How it goes on is free.

@/ The length.
@/ What follows is free.
fn a() {}

    @/ Whether, and when.
    fn b() {}

@ What is no doc comment.
@// How is none either.
@/ Whoever reads it.
fn c() {}
";

    #[test]
    fn only_the_first_word_of_a_comment_counts() {
        assert_eq!(
            openings(&TEXT.replace('@', "//")).collect::<Vec<_>>(),
            [1, 9]
        );
    }

    #[test]
    fn they_are_counted_by_package() {
        let text = TEXT.replace('@', "//");
        let (_directory, sources) = repository(&[
            ("a/Cargo.toml", ""),
            ("a/src/lib.rs", &text),
            ("a/b/Cargo.toml", ""),
            ("a/b/src/lib.rs", &text),
            ("a/b/src/c.rs", &text),
        ]);
        let found = find(&sources).unwrap().deviations;
        let amounts: Vec<_> = found
            .iter()
            .map(|(key, one)| (key.as_str(), one.amount))
            .collect();
        assert_eq!(amounts, [("a", 2), ("a/b", 4)]);
        assert!(found["a/b"].details.contains("a/b/src/c.rs:9"));
    }
}
