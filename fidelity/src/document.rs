//! The tables of docs/compatibility.md, made from the files of expected differences.

use crate::expected::{Expected, Why};
use crate::suite::SuiteName;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- made from fidelity/expected: cargo xtask fidelity --document -->\n";
const END: &str = "<!-- end of what is made -->\n";

/// The document, found from where the files are.
fn path(directory: &Path) -> PathBuf {
    directory.join("../../docs/compatibility.md")
}

/// Writes the tables where they belong.
pub(crate) fn write(directory: &Path) -> Result<()> {
    let path = path(directory);
    let text = fs::read_to_string(&path)?;
    fs::write(&path, replaced(&text, &tables(directory)?)?)?;
    Ok(())
}

/// The document with these tables in it.
fn replaced(text: &str, tables: &str) -> Result<String> {
    let (before, rest) = text.split_once(BEGIN).context("no place for the tables")?;
    let (_, after) = rest.split_once(END).context("the tables have no end")?;
    Ok(format!("{before}{BEGIN}\n{tables}\n{END}{after}"))
}

/// A suite for readers.
fn title(suite: SuiteName) -> &'static str {
    match suite {
        SuiteName::Humaneval => "HumanEval 1.0.3",
        SuiteName::Mbpp => "MBPP, tasks 11 to 974",
        SuiteName::Cpython => "CPython 3.15.0's Lib/test",
        SuiteName::Numpy => "numpy 2.5.2's tests",
        SuiteName::Pandas => "pandas 3.0.6's tests",
    }
}

fn heading(why: Why) -> &'static str {
    match why {
        Why::Lacks => "not in the sandbox",
        Why::Inside => "inside of the interpreter",
        Why::Differs => "differs",
        Why::Fault => "a fault",
    }
}

fn tables(directory: &Path) -> Result<String> {
    let mut totals = String::from(
        "| suite | units run | cases that pass natively | the same here | the others |\n|---|---|---|---|---|\n",
    );
    // By reason: each suite with the number of its cases, and one of them.
    type Suites = Vec<(SuiteName, u64, String)>;
    let mut reasons: BTreeMap<(Why, String), Suites> = BTreeMap::new();
    for suite in SuiteName::ALL {
        let expected = Expected::read(directory, suite)?;
        if let Some(measured) = expected.measured {
            let share = 100.0 * measured.same as f64 / measured.cases.max(1) as f64;
            writeln!(
                totals,
                "| {} | {} of {} | {} | {} ({share:.1} %) | {} |",
                title(suite),
                measured.run,
                measured.units,
                measured.cases,
                measured.same,
                measured.cases - measured.same,
            )?;
        }
        for group in expected.group {
            let count = group.cases.values().sum();
            let example = group
                .cases
                .iter()
                .max_by_key(|(_, count)| **count)
                .map(|(key, _)| key.clone())
                .unwrap_or_default();
            reasons
                .entry((group.why, group.reason))
                .or_default()
                .push((suite, count, example));
        }
    }
    let mut table = String::from("| why | cases | what | for example |\n|---|---|---|---|\n");
    for ((why, reason), suites) in reasons {
        let counts: Vec<_> = suites
            .iter()
            .map(|(suite, count, _)| format!("{} {count}", suite.name()))
            .collect();
        let example = suites.iter().max_by_key(|(_, count, _)| *count);
        writeln!(
            table,
            "| {} | {} | {} | `{}` |",
            heading(why),
            counts.join(", "),
            reason.replace('|', "\\|"),
            example
                .map_or("", |(_, _, example)| example)
                .replace('|', "\\|"),
        )?;
    }
    Ok(format!("{totals}\n{table}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_what_the_files_say() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("expected");
        let text = fs::read_to_string(path(&directory)).unwrap();
        let made = replaced(&text, &tables(&directory).unwrap()).unwrap();
        assert_eq!(text, made, "run `cargo xtask fidelity --document`");
    }

    #[test]
    fn every_difference_has_a_reason() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("expected");
        for suite in SuiteName::ALL {
            for group in Expected::read(&directory, suite).unwrap().group {
                assert!(
                    group.reason.len() > 20,
                    "{}: {}",
                    suite.name(),
                    group.reason
                );
                assert!(group.cases.values().all(|count| *count > 0));
            }
        }
    }
}
