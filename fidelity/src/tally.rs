//! New differences, gathered so that a person can give each its reason.

use crate::case::{Ending, Kind};
use crate::compare::Comparison;
use crate::expected::{Group, Why, keys};
use crate::reasons;
use std::collections::{BTreeMap, BTreeSet};

/// Groups differences by the reason that is known for what the sandbox said, else by that, numbers
/// aside. A key is as short as it can be: a
/// class, or a unit, of which all differs, and for one reason.
pub(crate) fn propose(
    new: &BTreeMap<String, Ending>,
    run: &BTreeMap<String, Comparison>,
) -> Vec<Group> {
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (case, ending) in new {
        for key in keys(case) {
            *counts.entry(key).or_default() += 1;
            said.entry(key).or_default().insert(reason(ending).1);
        }
    }
    // A unit or class with a case that does not differ is no key: the next that differs there would
    // be hidden.
    let whole = |key: &str| run.get(key).is_some_and(|unit| unit.same == 0);
    let mut groups: BTreeMap<(Why, String), BTreeMap<String, u64>> = BTreeMap::new();
    for (case, ending) in new {
        let (why, reason) = reason(ending);
        let keys: Vec<_> = keys(case).collect();
        let function = keys.iter().copied().find(|key| !key.contains('['));
        let unit = keys.last().copied().filter(|key| whole(key));
        let key = [unit, function]
            .into_iter()
            .flatten()
            .find(|key| said[key].len() == 1)
            .unwrap_or(case);
        let cases = groups.entry((why, reason)).or_default();
        if key == case {
            cases.insert(case.clone(), 1);
        } else {
            cases.insert(key.to_owned(), counts[key]);
        }
    }
    groups
        .into_iter()
        .map(|((why, reason), cases)| Group { why, reason, cases })
        .collect()
}

/// The reason why a case differs: a known one, or what was said.
fn reason(ending: &Ending) -> (Why, String) {
    // What a failed comparison says may be about anything.
    let skipped = ending.outcome == Kind::Skipped;
    match reasons::known(&ending.why) {
        Some((why, reason)) if skipped || !ending.why.starts_with("AssertionError: Arrays") => {
            (why, reason.to_owned())
        }
        _ if skipped => (Why::Lacks, plain(&ending.why)),
        _ => (Why::Differs, plain(&ending.why)),
    }
}

/// The words that were said, without numbers and addresses.
fn plain(why: &str) -> String {
    let mut plain = String::new();
    for part in why.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            plain.push('N');
            plain.extend(part.chars().filter(|c| !c.is_ascii_alphanumeric()));
        } else {
            plain.push_str(part);
        }
    }
    plain.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_for_one_reason_is_one_key() {
        let ending = |why: &str| Ending {
            outcome: Kind::Failed,
            why: why.to_owned(),
        };
        let new = BTreeMap::from([
            ("u::C::f[1]".to_owned(), ending("at 0x12")),
            ("u::C::f[2]".to_owned(), ending("at 0x34")),
            ("u::C::g".to_owned(), ending("other")),
        ]);
        let run = BTreeMap::from([(
            "u".to_owned(),
            Comparison {
                same: 1,
                ..Default::default()
            },
        )]);
        let groups = propose(&new, &run);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].cases, BTreeMap::from([("u::C::f".to_owned(), 2)]));
        assert_eq!(groups[1].cases, BTreeMap::from([("u::C::g".to_owned(), 1)]));
    }
}
