//! How an execution that waits gives up its place: it tells the server, and is told when to go on.

use super::protocol::Response;
use super::serve::Server;
use belljar_engine::Desk;
use std::mem::MaybeUninit;
use std::sync::Arc;

/// The size of a page of memory, in bytes: the least that the kernel has.
const PAGE_BYTES: u64 = 4096;

/// The place of one execution, in which its thread is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) server: Arc<Server>,
    pub(super) id: u64,
    pub(super) runner: usize,
    /// The faults of this thread when the execution began.
    pub(super) faults: u64,
    /// The size of the memory that it began with.
    pub(super) snapshot_bytes: u64,
}

impl Desk for Place {
    fn leave(&self, memory_bytes: usize) {
        // What a run holds: memory that it made grow, used or not, and pages of the snapshot, the
        // stack and our own buffers that it was the first to write. What it wrote of pages that its
        // sandbox had already is kept in any case.
        let grown = (memory_bytes as u64).saturating_sub(self.snapshot_bytes);
        let written = page_faults().saturating_sub(self.faults) * PAGE_BYTES;
        self.server.say(&Response::Parked {
            id: self.id,
            bytes: grown.saturating_add(written),
        });
        // Somebody else reads now: this thread is not back for a while.
        self.server.relieve(self.runner);
    }

    fn ask(&self) {
        self.server.say(&Response::Woke { id: self.id });
    }
}

/// The page faults of this thread so far.
pub(super) fn page_faults() -> u64 {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the structure outlives the call; it is made of numbers, for which zeroes are valid.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr());
        usage.assume_init()
    };
    u64::try_from(usage.ru_minflt).unwrap_or(0)
}
