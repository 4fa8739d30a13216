//! `tidy.toml`: the deviations that there are already, a list that only shrinks.

use super::deviations::{Deviations, Finding};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write;
use toml::{Table, Value};

/// The beginning of the file.
const HEAD: &str = "\
# Where the sources deviate from the rules of `cargo xtask tidy`, and by how much. Numbers only fall:
# an entry that is higher than need be is an error, and `cargo xtask tidy --accept-shrink` lowers it.
# Nothing is added here; what is new is mended.
";

/// The allowed amounts, by rule and place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Allowed(BTreeMap<String, BTreeMap<String, u64>>);

/// The difference between what is found and what is allowed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    /// The places that have to be mended, in words.
    pub(super) grown: Vec<String>,
    /// The entries of the list that are higher than need be, in words.
    pub(super) shrunk: Vec<String>,
}

impl Allowed {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let table: Table = text.parse()?;
        let mut allowed = BTreeMap::new();
        for (rule, places) in table {
            let places = places
                .as_table()
                .with_context(|| format!("{rule} is not a table"))?;
            let mut amounts = BTreeMap::new();
            for (place, amount) in places {
                let amount = amount.as_integer().and_then(|one| u64::try_from(one).ok());
                let amount = amount.with_context(|| format!("{rule}: {place} is no number"))?;
                amounts.insert(place.clone(), amount);
            }
            allowed.insert(rule, amounts);
        }
        Ok(Self(allowed))
    }

    /// Compares with what is found. All rules have to be among the findings.
    pub(super) fn compare(&self, findings: &[Finding]) -> Result<Differences> {
        for rule in self.0.keys() {
            if !findings.iter().any(|finding| finding.rule == rule) {
                bail!("there is no rule {rule}");
            }
        }
        let mut differences = Differences::default();
        let none = BTreeMap::new();
        for finding in findings {
            let allowed = self.0.get(finding.rule).unwrap_or(&none);
            let Finding {
                rule,
                text,
                deviations,
            } = finding;
            for (place, deviation) in deviations {
                let limit = allowed.get(place).copied().unwrap_or(0);
                if deviation.amount > limit {
                    let (amount, details) = (deviation.amount, &deviation.details);
                    let line = format!("{place}: {text}: {amount}, allowed {limit}{details}");
                    differences.grown.push(line);
                }
            }
            for (place, limit) in allowed {
                let amount = amount(deviations, place);
                if amount < *limit {
                    let line = format!("{rule}: {place}: {amount}, no longer {limit}");
                    differences.shrunk.push(line);
                }
            }
        }
        Ok(differences)
    }

    /// Lowers what is higher than what is found.
    pub(super) fn shrink(&mut self, findings: &[Finding]) {
        for finding in findings {
            let Some(places) = self.0.get_mut(finding.rule) else {
                continue;
            };
            for (place, limit) in places.iter_mut() {
                *limit = amount(&finding.deviations, place).min(*limit);
            }
            places.retain(|_, limit| *limit > 0);
        }
        self.0.retain(|_, places| !places.is_empty());
    }

    pub(super) fn to_toml(&self) -> String {
        let mut text = HEAD.to_owned();
        for (rule, places) in &self.0 {
            let _ = writeln!(text, "\n[{rule}]");
            for (place, limit) in places {
                let _ = writeln!(text, "{} = {limit}", Value::from(place.as_str()));
            }
        }
        text
    }
}

fn amount(deviations: &Deviations, place: &str) -> u64 {
    deviations.get(place).map_or(0, |one| one.amount)
}

#[cfg(test)]
mod tests {
    use super::super::deviations::Deviation;
    use super::*;

    fn found(amounts: &[(&str, u64)]) -> Vec<Finding> {
        let deviations = amounts.iter().map(|(place, amount)| {
            let (amount, details) = (*amount, " here".to_owned());
            ((*place).to_owned(), Deviation { amount, details })
        });
        let finding = Finding {
            rule: "length",
            text: "files are short (lines)",
            deviations: deviations.collect(),
        };
        vec![finding]
    }

    #[test]
    fn more_is_to_be_mended_and_less_to_be_taken_out() {
        let text = "[length]\n\"a\" = 5\n\"b\" = 5\n\"c\" = 5\n\"gone\" = 5\n";
        let mut allowed = Allowed::parse(text).unwrap();
        let found = found(&[("a", 5), ("b", 6), ("c", 4), ("new", 1)]);
        let differences = allowed.compare(&found).unwrap();
        assert_eq!(
            differences.grown,
            [
                "b: files are short (lines): 6, allowed 5 here",
                "new: files are short (lines): 1, allowed 0 here",
            ]
        );
        assert_eq!(
            differences.shrunk,
            ["length: c: 4, no longer 5", "length: gone: 0, no longer 5"]
        );
        allowed.shrink(&found);
        let shrunk = allowed.to_toml();
        assert!(
            shrunk.ends_with("\n[length]\n\"a\" = 5\n\"b\" = 5\n\"c\" = 4\n"),
            "{shrunk}"
        );
        let again = Allowed::parse(&shrunk).unwrap();
        assert_eq!(again, allowed);
        assert_eq!(again.compare(&found).unwrap().shrunk, [""; 0]);
    }

    #[test]
    fn a_list_that_says_nothing_is_refused() {
        for text in ["length = 1", "[length]\na = \"x\"", "[length]\na = -1", "["] {
            assert!(Allowed::parse(text).is_err(), "{text}");
        }
        let allowed = Allowed::parse("[no_such_rule]\na = 1").unwrap();
        let error = allowed.compare(&found(&[])).unwrap_err();
        assert!(error.to_string().contains("no_such_rule"));
    }
}
