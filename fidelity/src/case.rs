//! The outcome of a case, and how a run tells it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Marks the lines that `report.py` prints.
const MARK: char = '\u{1e}';

/// The kind of end that a case came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// As its author wanted.
    Passed,
    /// It failed, or never ended.
    Failed,
    /// It said itself that it cannot run here.
    Skipped,
    /// It failed as its author expected.
    XFailed,
}

/// The end of a case, and the reason for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ending {
    /// The kind of end.
    pub(crate) outcome: Kind,
    /// The reason, in a line; empty where it passed.
    pub(crate) why: String,
}

/// The cases of one unit by name.
pub(crate) type Cases = BTreeMap<String, Ending>;

/// The lines that one run printed, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// The cases that came to an end.
    pub(crate) cases: Cases,
    /// The case that was running when the run ended.
    pub(crate) unfinished: Option<String>,
    /// `true` if the run came to its own end.
    pub(crate) finished: bool,
}

/// One line.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Started {
        started: String,
    },
    Ended {
        case: String,
        #[serde(flatten)]
        ending: Ending,
    },
    Finished {
        #[serde(rename = "finished")]
        _finished: bool,
    },
}

impl Report {
    /// Reads what a run printed. What is not marked is a test's own.
    pub(crate) fn read(output: &[u8]) -> Self {
        let mut report = Self::default();
        for line in String::from_utf8_lossy(output).lines() {
            let Some((_, json)) = line.split_once(MARK) else {
                continue;
            };
            match serde_json::from_str(json) {
                Ok(Line::Started { started }) => report.unfinished = Some(started),
                Ok(Line::Ended { case, ending }) => {
                    report.unfinished = None;
                    report.cases.insert(case, ending);
                }
                Ok(Line::Finished { .. }) => report.finished = true,
                // A line that was cut where the run was stopped.
                Err(_) => {}
            }
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_began_and_did_not_end_is_named() {
        let output = b"noise\n\x1e{\"started\": \"u::a\"}\n\
            \x1e{\"case\": \"u::a\", \"outcome\": \"passed\", \"why\": \"\"}\n\
            half a line \x1e{\"started\": \"u::b\"}\n\x1e{\"case\": \"u::b\", \"outc";
        let report = Report::read(output);
        assert_eq!(report.cases["u::a"].outcome, Kind::Passed);
        assert_eq!(report.unfinished.as_deref(), Some("u::b"));
        assert!(!report.finished);
    }
}
