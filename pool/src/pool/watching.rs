//! Executions that do not end when they have to.
//!
//! A worker stops its scripts itself. When one of them has not ended some time after its limit, the
//! worker is asked whether it lives. If it does, that one script is what cannot be stopped: it is answered
//! for, and the worker gets nothing new and is ended when all others in it have. If it does not, it is ended at
//! once, and they are executed elsewhere.

use super::answer::lost_outcome;
use super::metrics::Counters;
use super::running::Outlet;
use super::scheduler::Scheduler;
use crate::FaultKind;
use crate::worker::frame;
use crate::worker::protocol::Request;
use std::time::Instant;

/// What a look at a worker found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Watched<L> {
    /// Nothing wrong, or nothing new.
    Fine,
    /// It may be stuck, and is asked: there is a link to flush. It gets nothing new.
    Asked(L),
    /// It is to be ended.
    Stuck,
}

impl<L: Outlet> Scheduler<L> {
    /// Looks after a worker.
    pub(super) fn watch(&mut self, worker: u64, now: Instant, counters: &Counters) -> Watched<L> {
        let most_drained = self.workers.iter().filter(|slot| !slot.is_drained).count();
        let drained = self.workers.iter().filter(|slot| slot.is_drained).count();
        let stuck_after = self.stuck_after;
        let Some(slot) = self.workers.iter_mut().find(|slot| slot.key == worker) else {
            return Watched::Fine;
        };
        let is_late = slot
            .running
            .values()
            .any(|running| running.answer.is_some() && running.stuck_at < now);
        let Some(asked) = slot.asked else {
            if !is_late {
                return Watched::Fine;
            }
            slot.asked = Some(now);
            slot.is_drained = true;
            // It always has a form.
            slot.link
                .push(&frame::encode(&Request::Ping).unwrap_or_default());
            return Watched::Asked(slot.link.clone());
        };
        if !slot.lives {
            let is_dead = now.saturating_duration_since(asked) > stuck_after;
            return if is_dead {
                Watched::Stuck
            } else {
                Watched::Fine
            };
        }
        for running in slot.running.values_mut() {
            if running.stuck_at >= now {
                continue;
            }
            let Some(answer) = running.answer.take() else {
                continue;
            };
            counters.ended.add(1);
            let message = format!(
                "The script ran for longer than its limit of {} ms, and could not be stopped",
                running.timeout.as_millis()
            );
            let took = now.saturating_duration_since(running.since);
            let outcome = lost_outcome(FaultKind::Timeout, &message, took);
            let _ = answer.send((Ok(outcome), running.waited));
        }
        let all_stuck = slot.running.values().all(|one| one.answer.is_none());
        // No more of them than there are others, whatever happens.
        if all_stuck || drained > most_drained.max(1) {
            return Watched::Stuck;
        }
        Watched::Fine
    }

    /// A worker says that it lives. `false` if it was not asked.
    pub(super) fn note_alive(&mut self, worker: u64) -> bool {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker);
        slot.is_none_or(|slot| {
            slot.lives = true;
            slot.asked.is_some()
        })
    }
}
