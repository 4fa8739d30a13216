//! The places where the sources are not as a rule has it.

use std::collections::BTreeMap;

/// A place's deviation from a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deviation {
    /// The amount, in the rule's unit.
    pub(super) amount: u64,
    /// The details for whoever has to mend it.
    pub(super) details: String,
}

/// The deviations from one rule, by place: a file, a folder or a crate.
pub(super) type Deviations = BTreeMap<String, Deviation>;

/// A rule, and what was found.
#[derive(Debug)]
pub(super) struct Finding {
    /// The rule's table in `tidy.toml`.
    pub(super) rule: &'static str,
    /// The rule in words, with the unit of its amounts.
    pub(super) text: &'static str,
    pub(super) deviations: Deviations,
}
