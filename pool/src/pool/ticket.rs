//! An execution's place in the pool, held by whoever waits for it.

use super::running::Outlet;
use super::scheduler::Abandoned;
use super::shared::Shared;
use crate::worker::frame;
use crate::worker::protocol::Request;
use std::sync::Arc;
use std::time::Instant;

/// Gives the execution up when dropped, unless it was [kept](Self::keep).
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    shared: &'a Arc<Shared>,
    id: u64,
    armed: bool,
}

impl<'a> Ticket<'a> {
    pub(super) fn new(shared: &'a Arc<Shared>, id: u64) -> Self {
        let armed = true;
        Self { shared, id, armed }
    }

    /// The execution has ended: there is nothing to give up.
    pub(super) fn keep(mut self) {
        self.armed = false;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        // Two numbers always have a form.
        let cancel = frame::encode(&Request::Cancel { id: self.id }).unwrap_or_default();
        let shared = self.shared;
        let now = Instant::now();
        let abandoned = shared
            .scheduler()
            .abandon(self.id, &cancel, now, &shared.counters);
        match abandoned {
            Abandoned::Running(link) => link.flush(),
            Abandoned::Waiting => shared.changed.notify_waiters(),
            Abandoned::Ended => {}
        }
    }
}
