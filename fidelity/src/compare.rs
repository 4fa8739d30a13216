//! One unit's cases, side by side.

use crate::case::{Cases, Ending, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The comparison of the two sides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// Cases that pass natively, and so can be compared.
    pub(crate) cases: u64,
    /// Of these, the cases that pass in the sandbox too.
    pub(crate) same: u64,
    /// The others: what became of them in the sandbox.
    pub(crate) differences: BTreeMap<String, Ending>,
}

impl Comparison {
    /// Compares. What natively does not pass says nothing of the sandbox.
    ///
    /// A case that is skipped as a whole, or ends in the middle, stands for what natively is in it:
    /// the cases without an ending of their own share that of their unit.
    pub(crate) fn of(unit: &str, natively: &Cases, here: &Cases) -> Self {
        let whole = here.get(unit);
        let mut comparison = Self::default();
        for (name, _) in natively.iter().filter(|(_, ending)| passes(ending.outcome)) {
            comparison.cases += 1;
            match here.get(name) {
                Some(ending) if passes(ending.outcome) => comparison.same += 1,
                other => {
                    let ending = other.or(whole).cloned().unwrap_or_else(|| Ending {
                        outcome: Kind::Failed,
                        why: missing(here),
                    });
                    comparison.differences.insert(name.clone(), ending);
                }
            }
        }
        comparison
    }
}

fn passes(outcome: Kind) -> bool {
    matches!(outcome, Kind::Passed | Kind::XFailed)
}

/// The reason why a case may not be there: the set-up of its class failed, or the unit ended before
/// it.
fn missing(here: &Cases) -> String {
    let cause = here.iter().find(|(name, ending)| {
        ending.outcome != Kind::Passed
            && (name.contains("setUpClass") || name.contains("setUpModule"))
            || ending.why.starts_with("timeout")
    });
    match cause {
        Some((_, ending)) => format!("not run: {}", ending.why),
        None => "there is no such case".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(list: &[(&str, Kind)]) -> Cases {
        let ending = |&(name, outcome): &(&str, Kind)| {
            let why = format!("{outcome:?}");
            (name.to_owned(), Ending { outcome, why })
        };
        list.iter().map(ending).collect()
    }

    #[test]
    fn only_what_passes_natively_is_compared() {
        let natively = cases(&[
            ("u::a", Kind::Passed),
            ("u::b", Kind::Failed),
            ("u::c", Kind::Skipped),
            ("u::d", Kind::XFailed),
            ("u::e", Kind::Passed),
        ]);
        let here = cases(&[
            ("u::a", Kind::Passed),
            ("u::b", Kind::Passed),
            ("u::c", Kind::Failed),
            ("u::d", Kind::Failed),
        ]);
        let comparison = Comparison::of("u", &natively, &here);
        assert_eq!((comparison.cases, comparison.same), (3, 1));
        let names: Vec<_> = comparison.differences.keys().collect();
        assert_eq!(names, ["u::d", "u::e"]);
    }

    #[test]
    fn a_unit_that_is_skipped_skips_its_cases() {
        let natively = cases(&[("u::a", Kind::Passed), ("u::b", Kind::Passed)]);
        let here = cases(&[("u", Kind::Skipped)]);
        let comparison = Comparison::of("u", &natively, &here);
        assert_eq!(comparison.same, 0);
        assert_eq!(comparison.differences["u::b"].outcome, Kind::Skipped);
    }
}
