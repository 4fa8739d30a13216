//! Parking: an execution that waits gives up its place, and asks for it when it wants to go on.
//!
//! A script that sleeps needs memory and nothing else, so it need not keep others from the processor.
//! Its worker says so ([`Scheduler::park`]), the place goes to the next, and when the script is to go
//! on it gets in line ([`Scheduler::wake`]): its client's turn comes like any other's, but before that
//! client's new executions. Its deadline passes meanwhile.
//!
//! What is parked is bounded: in number, because a worker has only so many sandboxes, and in memory.
//! A client has at most half of either, so that no one client can keep all others from parking. What
//! finds no room keeps its place, and is bounded as what computes is.

use super::running::{Outlet, Standing};
use super::scheduler::{Lie, Scheduler};

/// The share of what can be parked that one client may have: one of so many parts.
const CLIENT_SHARE: usize = 2;

/// What a sandbox holds that wrote nothing: its instance, its table, its stack's first pages. So that
/// no worker, whatever it says, parks for nothing.
const LEAST_BYTES: u64 = 256 << 10;

/// An execution that wants its place back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Returning {
    pub(super) worker: u64,
}

/// How much can be parked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parking {
    pub(super) per_worker: usize,
    pub(super) total: usize,
    pub(super) bytes: u64,
    /// What is parked now.
    pub(super) bytes_now: u64,
}

impl<L: Outlet> Scheduler<L> {
    /// An execution waits, and holds so much memory. Its place is free for another, if there is room
    /// to park it.
    pub(super) fn park(&mut self, worker: u64, id: u64, bytes: u64) -> Result<(), Lie> {
        let parking = self.parking;
        let bytes = bytes.max(LEAST_BYTES);
        let (slot, clients) = (self.workers.iter_mut(), &mut self.clients);
        let slot = slot.into_iter().find(|slot| slot.key == worker);
        let Some(slot) = slot else {
            return Ok(());
        };
        let Some(running) = slot.running.get_mut(&id) else {
            return Err(Lie::NotGiven);
        };
        if running.standing != Standing::Runs {
            return Err(Lie::NotRunning);
        }
        let holding = clients.of_mut(&running.client);
        let share = parking.total.div_ceil(CLIENT_SHARE);
        let has_room = slot.parked < parking.per_worker
            && parking.bytes_now.saturating_add(bytes) <= parking.bytes
            && holding.parked < share
            && holding.parked_bytes.saturating_add(bytes) <= parking.bytes / CLIENT_SHARE as u64;
        if !has_room {
            running.standing = Standing::Waits;
            return Ok(());
        }
        running.standing = Standing::Parked(bytes);
        slot.places -= 1;
        slot.parked += 1;
        holding.places -= 1;
        holding.parked += 1;
        holding.parked_bytes += bytes;
        self.parking.bytes_now += bytes;
        Ok(())
    }

    /// An execution waits no longer. If it kept its place it goes on: then there is a link to flush.
    /// Else it gets in line.
    pub(super) fn wake(&mut self, worker: u64, id: u64) -> Result<Option<L>, Lie> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker);
        let Some(slot) = slot else {
            return Ok(None);
        };
        let Some(running) = slot.running.get_mut(&id) else {
            return Err(Lie::NotGiven);
        };
        match running.standing {
            Standing::Waits => {
                running.standing = Standing::Runs;
                slot.link.push(&super::scheduler::resume(id));
                Ok(Some(slot.link.clone()))
            }
            Standing::Parked(bytes) => {
                running.standing = Standing::Returns(bytes);
                let returning = Returning { worker };
                self.returning.push(&running.client, id, 0, returning);
                Ok(None)
            }
            Standing::Runs | Standing::Returns(_) => Err(Lie::NotWaiting),
        }
    }

    /// Gives an execution that was taken out of the line its place back.
    pub(super) fn unpark(&mut self, worker: u64, id: u64) -> Option<L> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker)?;
        let running = slot.running.get_mut(&id)?;
        let Standing::Returns(bytes) = running.standing else {
            return None;
        };
        running.standing = Standing::Runs;
        slot.places += 1;
        slot.parked -= 1;
        let holding = self.clients.of_mut(&running.client);
        holding.places += 1;
        holding.parked -= 1;
        holding.parked_bytes -= bytes;
        self.parking.bytes_now -= bytes;
        slot.link.push(&super::scheduler::resume(id));
        Some(slot.link.clone())
    }
}
