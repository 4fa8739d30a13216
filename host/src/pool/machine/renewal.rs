//! When a worker is to be replaced for the memory that it keeps.
//!
//! A sandbox keeps what makes its next run fast: up to 8 MiB of memory, and the stack that the
//! deepest recursion so far needed. After an attack that is a good deal for a server that then has
//! nothing to do, and a new worker, which is there in some ten milliseconds, has none of it.

use std::time::{Duration, Instant};

/// The time for which the whole pool has nothing to do before.
const IDLE: Duration = Duration::from_secs(5);

/// The memory that a worker and each of its sandboxes may keep, in bytes. A run of pandas writes 1.4 MiB: ordinary
/// work shall not cost a server its warm sandboxes.
const WORKER_BYTES: u64 = 16 << 20;
const SANDBOX_BYTES: u64 = 4 << 20;

/// Decides when one worker is replaced.
#[derive(Debug)]
pub(crate) struct Renewal {
    most: u64,
    /// The executions that the pool had accepted when it was last seen with a new one.
    accepted: u64,
    since: Instant,
    /// True if it was found to keep little since then.
    is_small: bool,
}

impl Renewal {
    /// The decision about a worker with so many sandboxes, which was just started.
    pub(crate) fn new(sandboxes: usize, now: Instant) -> Self {
        Self {
            most: WORKER_BYTES + SANDBOX_BYTES * sandboxes as u64,
            accepted: 0,
            since: now,
            is_small: true,
        }
    }

    /// Tells whether its memory is to be measured, given how many executions the pool has accepted so far.
    pub(crate) fn is_idle(&mut self, accepted: u64, now: Instant) -> bool {
        if accepted != self.accepted {
            (self.accepted, self.since, self.is_small) = (accepted, now, false);
        }
        !self.is_small && now.saturating_duration_since(self.since) >= IDLE
    }

    /// Tells whether it is to be replaced, which holds so much memory of its own. Stays so until there is
    /// something to do again: another worker's replacement may come first.
    pub(crate) fn is_due(&mut self, bytes: Option<u64>) -> bool {
        let is_due = bytes.is_some_and(|bytes| bytes > self.most);
        self.is_small = !is_due;
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_keeps_much_is_replaced_when_there_is_nothing_to_do() {
        let mut now = Instant::now();
        let mut renewal = Renewal::new(2, now);
        now += 2 * IDLE;
        assert!(!renewal.is_idle(0, now), "it never did anything");
        assert!(!renewal.is_idle(7, now), "it just did");
        now += IDLE;
        assert!(renewal.is_idle(7, now));
        assert!(!renewal.is_due(Some(WORKER_BYTES)));
        assert!(!renewal.is_idle(7, now), "once is enough");
        assert!(!renewal.is_idle(8, now));
        now += IDLE;
        assert!(renewal.is_idle(8, now) && !renewal.is_due(None));
        assert!(!renewal.is_idle(9, now));
        now += IDLE;
        for _ in 0..2 {
            assert!(renewal.is_idle(9, now));
            assert!(renewal.is_due(Some(WORKER_BYTES + 2 * SANDBOX_BYTES + 1)));
        }
    }
}
