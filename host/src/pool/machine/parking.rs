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

use super::action::Action;
use super::ending::take;
use super::lie::Lie;
use super::room::LEAST_BYTES;
use super::running::Standing;
use super::scheduler::Scheduler;
use super::submitting::framed;
use super::waiting::Returning;
use crate::worker::protocol::Request;
use std::time::Instant;

impl Scheduler {
    /// An execution waits, and holds so much memory. Its place is free for another, if there is room
    /// to park it.
    ///
    /// # Errors
    ///
    /// When it cannot be so. Then nothing has changed.
    pub(super) fn park(
        &mut self,
        worker: u64,
        id: u64,
        bytes: u64,
        now: Instant,
    ) -> Result<(), Lie> {
        let bytes = bytes.max(LEAST_BYTES);
        let (mut slots, clients) = (self.workers.iter_mut(), &mut self.clients);
        let Some(slot) = slots.find(|slot| slot.key == worker) else {
            return Ok(());
        };
        let running = slot.running.get_mut(&id).ok_or(Lie::NotGiven)?;
        if running.standing != Standing::Runs {
            return Err(Lie::NotRunning);
        }
        let holding = clients.of_mut(&running.client);
        let has_room = self.room.has(bytes, slot.parked, holding);
        if !has_room {
            running.standing = Standing::Waits;
            return Ok(());
        }
        running.standing = Standing::Parked(bytes);
        take(&mut slot.places, 1);
        slot.parked += 1;
        take(&mut holding.places, 1);
        holding.parked += 1;
        holding.parked_bytes += bytes;
        self.room.bytes_now += bytes;
        self.settle(now);
        Ok(())
    }

    /// An execution waits no longer. If it kept its place it goes on; else it gets in line.
    ///
    /// # Errors
    ///
    /// When it cannot be so. Then nothing has changed.
    pub(super) fn wake(&mut self, worker: u64, id: u64, now: Instant) -> Result<(), Lie> {
        let mut slots = self.workers.iter_mut();
        let Some(slot) = slots.find(|slot| slot.key == worker) else {
            return Ok(());
        };
        let running = slot.running.get_mut(&id).ok_or(Lie::NotGiven)?;
        match running.standing {
            Standing::Waits => {
                running.standing = Standing::Runs;
                self.resume(worker, id);
            }
            Standing::Parked(bytes) => {
                running.standing = Standing::Returns(bytes);
                let returning = Returning { worker };
                self.returning.push(&running.client, id, 0, returning);
                self.settle(now);
            }
            Standing::Runs | Standing::Returns(_) => return Err(Lie::NotWaiting),
        }
        Ok(())
    }

    /// Gives an execution that was taken out of the line its place back.
    pub(super) fn unpark(&mut self, worker: u64, id: u64) {
        let mut slots = self.workers.iter_mut();
        let slot = slots.find(|slot| slot.key == worker);
        let running = slot.and_then(|slot| {
            let running = slot.running.get_mut(&id)?;
            Some((&mut slot.places, &mut slot.parked, running))
        });
        let returns = running.and_then(|(places, parked, running)| match running.standing {
            Standing::Returns(bytes) => Some((places, parked, running, bytes)),
            _ => None,
        });
        let Some((places, parked, running, bytes)) = returns else {
            unreachable!("what is in the line wants to go on");
        };
        assert!(
            *places < self.rules.places,
            "a place that is given is there"
        );
        running.standing = Standing::Runs;
        *places += 1;
        take(parked, 1);
        let holding = self.clients.of_mut(&running.client);
        holding.places += 1;
        take(&mut holding.parked, 1);
        take(&mut holding.parked_bytes, bytes);
        take(&mut self.room.bytes_now, bytes);
        self.resume(worker, id);
    }

    /// Lets an execution go on.
    fn resume(&mut self, worker: u64, id: u64) {
        let frame = framed(&Request::Resume { id });
        self.actions.push(Action::Send { worker, frame });
    }
}
