//! The room for executions that are parked.

use super::clients::Holding;
use super::rules::Rules;

/// The share of what can be parked that one client may have: one of so many parts.
const CLIENT_SHARE: usize = 2;

/// The memory of a sandbox that wrote nothing: its instance, its table, its stack's first pages. So that
/// no worker, whatever it says, parks for nothing.
pub(super) const LEAST_BYTES: u64 = 256 << 10;

/// The room there is, and what is taken of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    per_worker: usize,
    total: usize,
    bytes: u64,
    /// The bytes of all that is parked now.
    pub(crate) bytes_now: u64,
}

impl Room {
    pub(crate) fn new(rules: &Rules) -> Self {
        Self {
            per_worker: rules.parked_per_worker,
            total: rules.parked_per_worker.saturating_mul(rules.workers),
            bytes: rules.parked_bytes,
            bytes_now: 0,
        }
    }

    /// Tells whether there is room for an execution with so many bytes, in a worker that has so many parked
    /// already, of a client that has so much.
    pub(super) fn has(&self, bytes: u64, parked: usize, holding: &Holding) -> bool {
        parked < self.per_worker
            && self.bytes_now.saturating_add(bytes) <= self.bytes
            && holding.parked < self.total.div_ceil(CLIENT_SHARE)
            && holding.parked_bytes.saturating_add(bytes) <= self.bytes / CLIENT_SHARE as u64
    }
}
