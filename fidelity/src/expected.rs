//! The files of expected differences, one for each suite.

use crate::case::Ending;
use crate::compare::Comparison;
use crate::suite::SuiteName;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The head of each file.
const HEAD: &str = "\
# Expected differences: cases that pass natively and not in the sandbox, with the reason. A key names a
# case, a function, a class or a unit; the number is how many cases under it differ, and are under no
# longer key. Numbers only fall: what is gone is taken out with --accept-shrink. What is measured is
# written by --record, docs/compatibility.md by --document.

";

/// The reason why cases differ, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Why {
    /// They need what the sandbox does not have: files, processes, the network, time, memory.
    Lacks,
    /// They look at what is no promise of Python's: addresses, sizes, how an object is made.
    Inside,
    /// An answer is another one, for a reason that stays.
    Differs,
    /// An answer is another one, and that is a fault of ours.
    Fault,
}

/// A reason, and the cases that have it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    /// Of which kind it is.
    pub(crate) why: Why,
    /// For the reader of docs/compatibility.md.
    pub(crate) reason: String,
    /// The numbers of cases that differ, by key.
    pub(crate) cases: BTreeMap<String, u64>,
}

/// The numbers that a whole run counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Units there are.
    pub(crate) units: u64,
    /// Units that were run.
    pub(crate) run: u64,
    /// Cases in them that pass natively.
    pub(crate) cases: u64,
    /// Of these, cases that pass in the sandbox.
    pub(crate) same: u64,
}

/// The file of a suite.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Expected {
    /// The numbers of the last count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) measured: Option<Measured>,
    /// The differences by reason.
    #[serde(default)]
    pub(crate) group: Vec<Group>,
}

/// The judgement of a run: everything that is not as expected.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    /// Differences under no key, or under one that has too many by now.
    pub(crate) new: BTreeMap<String, Ending>,
    /// Keys with fewer differences than listed: how many were expected, and found.
    pub(crate) gone: BTreeMap<String, (u64, u64)>,
}

impl Judgement {
    /// `true` if all is as expected.
    pub(crate) fn is_good(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

impl Expected {
    /// Reads the file of a suite; there may be none.
    pub(crate) fn read(directory: &Path, suite: SuiteName) -> Result<Self> {
        let path = path(directory, suite);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{}", path.display()))
    }

    /// Writes it.
    pub(crate) fn write(&self, directory: &Path, suite: SuiteName) -> Result<()> {
        let path = path(directory, suite);
        let text = HEAD.to_owned() + &toml::to_string_pretty(self)?;
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))
    }

    /// Judges what was run, and only that.
    pub(crate) fn judge(&self, run: &BTreeMap<String, Comparison>) -> Judgement {
        let mut expected = BTreeMap::new();
        for group in &self.group {
            expected.extend(
                group
                    .cases
                    .iter()
                    .map(|(key, count)| (key.as_str(), *count)),
            );
        }
        let mut found: BTreeMap<&str, Vec<(&String, &Ending)>> = BTreeMap::new();
        let mut judgement = Judgement::default();
        for (case, ending) in run.values().flat_map(|unit| &unit.differences) {
            match keys(case).find(|key| expected.contains_key(key)) {
                Some(key) => found.entry(key).or_default().push((case, ending)),
                None => {
                    judgement.new.insert(case.clone(), ending.clone());
                }
            }
        }
        for (key, count) in expected {
            if !run.contains_key(unit_of(key)) {
                continue;
            }
            let cases = found.get(key).map(Vec::as_slice).unwrap_or_default();
            let now = cases.len() as u64;
            if now < count {
                judgement.gone.insert(key.to_owned(), (count, now));
            } else if now > count {
                // Nobody can say which of them are the new ones.
                let all = cases
                    .iter()
                    .map(|&(case, ending)| (case.clone(), ending.clone()));
                judgement.new.extend(all);
            }
        }
        judgement
    }

    /// Takes out what is gone.
    pub(crate) fn shrink(&mut self, gone: &BTreeMap<String, (u64, u64)>) {
        for group in &mut self.group {
            group.cases.retain(|key, count| {
                if let Some(&(_, now)) = gone.get(key) {
                    *count = now;
                }
                *count > 0
            });
        }
        self.group.retain(|group| !group.cases.is_empty());
    }
}

fn path(directory: &Path, suite: SuiteName) -> PathBuf {
    directory.join(format!("{}.toml", suite.name()))
}

/// The keys that a case may be under, the longest first.
pub(crate) fn keys(case: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(case);
    std::iter::from_fn(move || {
        let key = next?;
        // What is in brackets may have colons of its own.
        next = match key.find('[') {
            Some(bracket) => Some(&key[..bracket]),
            None => key.rfind("::").map(|colons| &key[..colons]),
        };
        Some(key)
    })
}

/// The unit of a case or key.
pub(crate) fn unit_of(key: &str) -> &str {
    let end = key.find('[').unwrap_or(key.len());
    key.find("::")
        .filter(|at| *at < end)
        .map_or(key, |at| &key[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Kind;

    fn expected(cases: &[(&str, u64)]) -> Expected {
        let cases = cases.iter().map(|&(key, count)| (key.to_owned(), count));
        Expected {
            measured: None,
            group: vec![Group {
                why: Why::Lacks,
                reason: "files".to_owned(),
                cases: cases.collect(),
            }],
        }
    }

    fn run(differences: &[&str]) -> BTreeMap<String, Comparison> {
        let mut run = BTreeMap::from([("u".to_owned(), Comparison::default())]);
        for &case in differences {
            let ending = Ending {
                outcome: Kind::Failed,
                why: String::new(),
            };
            let unit = run.entry(unit_of(case).to_owned()).or_default();
            unit.differences.insert(case.to_owned(), ending);
        }
        run
    }

    #[test]
    fn the_longest_key_has_the_case() {
        let keys: Vec<_> = keys("u::C::f[a::b]").collect();
        assert_eq!(keys, ["u::C::f[a::b]", "u::C::f", "u::C", "u"]);
        let expected = expected(&[("u::C", 1), ("u::C::f", 1)]);
        assert!(expected.judge(&run(&["u::C::f[1]", "u::C::g"])).is_good());
    }

    #[test]
    fn what_is_not_listed_is_new() {
        let judgement = expected(&[("u::C", 1)]).judge(&run(&["u::C::f", "u::D::f"]));
        assert_eq!(judgement.new.keys().collect::<Vec<_>>(), ["u::D::f"]);
        let judgement = expected(&[("u::C", 1)]).judge(&run(&["u::C::f", "u::C::g"]));
        assert_eq!(judgement.new.len(), 2);
    }

    #[test]
    fn what_is_gone_must_be_taken_out() {
        let mut list = expected(&[("u::C", 2), ("u::D", 1), ("other::E", 5)]);
        let judgement = list.judge(&run(&["u::C::f"]));
        assert_eq!(judgement.gone["u::C"], (2, 1));
        assert_eq!(judgement.gone["u::D"], (1, 0));
        // What was not run is not judged.
        assert_eq!(judgement.gone.len(), 2);
        list.shrink(&judgement.gone);
        assert!(list.judge(&run(&["u::C::f"])).is_good());
        assert_eq!(list.group[0].cases.len(), 2);
    }
}
