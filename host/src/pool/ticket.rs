//! An execution's place in the pool, held by whoever waits for it.

use super::shared::Shared;

/// Gives the execution up when dropped, unless it was [kept](Self::keep).
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    shared: &'a Shared,
    id: u64,
    armed: bool,
}

impl<'a> Ticket<'a> {
    pub(super) fn new(shared: &'a Shared, id: u64) -> Self {
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
        if self.armed {
            let id = self.id;
            self.shared
                .driver
                .drive(|driven, now| driven.scheduler.abandon(id, now));
        }
    }
}
