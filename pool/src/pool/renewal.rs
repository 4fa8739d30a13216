//! When a worker is to be replaced for the memory that it keeps.
//!
//! A sandbox keeps what makes its next run fast: up to 8 MiB of memory, and the stack that the
//! deepest recursion so far needed. After an attack that is a good deal for a server that then has
//! nothing to do, and a new worker, which is there in some ten milliseconds, has none of it.

use std::fs;
use std::time::{Duration, Instant};

/// How long the whole pool has nothing to do before.
const IDLE: Duration = Duration::from_secs(5);

/// What a worker and each of its sandboxes may keep, in bytes. A run of pandas writes 1.4 MiB: ordinary
/// work shall not cost a server its warm sandboxes.
const WORKER_BYTES: u64 = 16 << 20;
const SANDBOX_BYTES: u64 = 4 << 20;

/// Looks after one worker's memory.
#[derive(Debug)]
pub(super) struct Renewal {
    pid: u32,
    most: u64,
    /// The executions that the pool had accepted when it was last seen with a new one.
    accepted: u64,
    since: Instant,
    /// Whether it was found to keep little since then.
    looked: bool,
}

impl Renewal {
    pub(super) fn new(pid: u32, sandboxes: u32) -> Self {
        Self {
            pid,
            most: WORKER_BYTES + SANDBOX_BYTES * u64::from(sandboxes),
            accepted: 0,
            since: Instant::now(),
            looked: true,
        }
    }

    /// Whether it is time, given how many executions the pool has accepted so far. Stays true until
    /// there is something to do again: another worker's replacement may come first.
    pub(super) fn is_due(&mut self, accepted: u64) -> bool {
        let now = Instant::now();
        if accepted != self.accepted {
            (self.accepted, self.since, self.looked) = (accepted, now, false);
        }
        if self.looked || now.saturating_duration_since(self.since) < IDLE {
            return false;
        }
        let due = own_memory(self.pid).is_some_and(|bytes| bytes > self.most);
        self.looked = !due;
        due
    }
}

/// The memory of a process that is its own, and not shared with files, in bytes.
fn own_memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}
