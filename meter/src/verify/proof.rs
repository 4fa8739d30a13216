//! The numbers that the verifier has proved.

use std::fmt;

use super::body::BodyProof;

/// A module was proved to be metered. The numbers say how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Proof {
    /// Functions with a check at their entry.
    pub guarded: u64,
    /// Functions without one, which their callers pay for.
    pub unguarded: u64,
    /// Checks, wherever they are.
    pub checks: u64,
    /// Loops, all of whose ways around are paid for.
    pub loops: u64,
    /// Loops whose iterations are paid for before they run.
    pub strips: u64,
    /// Bulk instructions, all of which are charged by their length.
    pub bulk: u64,
    /// The most work that a function can have done without having paid for it, by itself and those
    /// it has called, at any point.
    pub largest_debt: u64,
}

impl Proof {
    pub(super) fn add(&mut self, body: BodyProof, guarded: bool) {
        if guarded {
            self.guarded += 1;
        } else {
            self.unguarded += 1;
        }
        self.checks += body.checks;
        self.loops += body.loops;
        self.strips += body.strips;
        self.bulk += body.bulk;
        self.largest_debt = self.largest_debt.max(u64::try_from(body.peak).unwrap_or(0));
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} checks; {} functions with a check at the entry, {} without; {} loops, {} of them \
             in strips; {} bulk instructions; at most {} units of work unpaid at any time",
            self.checks,
            self.guarded,
            self.unguarded,
            self.loops,
            self.strips,
            self.bulk,
            self.largest_debt,
        )
    }
}
