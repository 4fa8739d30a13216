//! Numbers in documents are those of the program.
//!
//! A mark that no reader sees says after a number which constant it is:
//! `at most 100 KiB<!--=contract/src/caps.rs:SCRIPT_BYTES-->`. A large number with a unit that is
//! marked once in a document is marked wherever it stands there, so that none is left behind.

use super::constants;
use super::deviations::{Deviation, Deviations, Finding};
use super::sources::Sources;
use anyhow::Result;
use std::collections::BTreeSet;

const BEGIN: &str = "<!--=";
const END: &str = "-->";

/// The digits from which on the same number is not taken for another by chance.
const TELLING_DIGITS: usize = 3;

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let mut deviations = Deviations::new();
    for path in sources.with_extension(&["md"]) {
        let problems = problems(sources, &sources.read(path)?);
        if !problems.is_empty() {
            let deviation = Deviation {
                amount: problems.len() as u64,
                details: problems
                    .iter()
                    .map(|line| format!("\n    {line}"))
                    .collect(),
            };
            deviations.insert(path.to_owned(), deviation);
        }
    }
    Ok(Finding {
        rule: "numbers",
        text: "numbers in documents are the program's (numbers)",
        deviations,
    })
}

/// The numbers of a document that are wrong, or are not marked although they are elsewhere.
fn problems(sources: &Sources, document: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut telling = BTreeSet::new();
    for (at, line) in document.lines().enumerate() {
        let mut rest = 0;
        while let Some(begin) = line[rest..].find(BEGIN).map(|found| found + rest) {
            let after = begin + BEGIN.len();
            let Some(end) = line[after..].find(END).map(|found| found + after) else {
                problems.push(format!("line {}: a mark without an end", at + 1));
                break;
            };
            rest = end + END.len();
            // One that is explained.
            if line[..begin].ends_with('`') && line[rest..].starts_with('`') {
                continue;
            }
            match check(sources, &line[..begin], &line[after..end]) {
                Ok(number) if is_telling(&number) => drop(telling.insert(number)),
                Ok(_) => {}
                Err(problem) => problems.push(format!("line {}: {problem}", at + 1)),
            }
        }
    }
    for (at, line) in document.lines().enumerate() {
        for number in &telling {
            for (begin, _) in line.match_indices(number.as_str()) {
                let end = begin + number.len();
                if ends_with_number(&line[..end], number) && !line[end..].starts_with(BEGIN) {
                    problems.push(format!("line {}: {number} is not marked", at + 1));
                }
            }
        }
    }
    problems
}

/// The number that stands before a mark, if it is the one that the mark names.
fn check(sources: &Sources, before: &str, name: &str) -> Result<String, String> {
    let value = constants::value(sources, name).map_err(|error| format!("{error:#}"))?;
    let forms = value.forms();
    let found = forms.iter().find(|form| ends_with_number(before, form));
    found.cloned().ok_or_else(|| {
        let written = before.split_whitespace().rev().take(2).collect::<Vec<_>>();
        let written = written.into_iter().rev().collect::<Vec<_>>().join(" ");
        format!("{written} is not {name}, which is {}", forms.join(" or "))
    })
}

/// True for a text that ends with this number and not with a longer one.
fn ends_with_number(text: &str, number: &str) -> bool {
    text.strip_suffix(number).is_some_and(|before| {
        !before.ends_with(|last: char| last.is_ascii_digit() || last == ',' || last == '.')
    })
}

fn is_telling(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    digits >= TELLING_DIGITS && number.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    fn found(document: &str) -> Vec<String> {
        let (_directory, sources) = repository(&[("a.rs", "const A: u32 = 100 << 10;\n")]);
        problems(&sources, document)
    }

    #[test]
    fn a_marked_number_is_the_constants() {
        assert_eq!(
            found("102,400<!--=a.rs:A--> (100 KiB<!--=a.rs:A-->), fixed\n"),
            [""; 0]
        );
        let wrong = ["line 2: 99 KiB is not a.rs:A, which is 102,400 or 102400 or 100 KiB"];
        assert_eq!(found("x\nat most 99 KiB<!--=a.rs:A-->\n"), wrong);
        assert_eq!(found("1100 KiB<!--=a.rs:A-->").len(), 1);
        assert_eq!(found("1,100 KiB<!--=a.rs:A-->").len(), 1);
    }

    #[test]
    fn a_mark_that_leads_nowhere_is_wrong() {
        assert_eq!(
            found("1<!--=a.rs:B-->"),
            ["line 1: a.rs: B: there is no such constant"]
        );
        assert_eq!(found("1<!--=a.rs:A"), ["line 1: a mark without an end"]);
        assert_eq!(
            found("1<!-- a comment --> and `<!--=FILE:NAME-->`"),
            [""; 0]
        );
    }

    #[test]
    fn a_number_that_is_marked_once_is_marked_everywhere() {
        let document = "100 KiB<!--=a.rs:A-->\nand 100 KiB, not 1100 KiB\n";
        assert_eq!(found(document), ["line 2: 100 KiB is not marked"]);
    }
}
