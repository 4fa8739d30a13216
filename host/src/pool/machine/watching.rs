//! Executions that do not end when they have to.
//!
//! A worker stops its scripts itself. When one of them has not ended some time after its limit, the
//! worker is asked whether it lives. If it does, that one script is what cannot be stopped: it is answered
//! for, and the worker gets nothing new and is ended when all others in it have. If it does not, it is ended at
//! once, and they are executed elsewhere.

use super::action::Action;
use super::answer::lost_outcome;
use super::lie::Lie;
use super::scheduler::Scheduler;
use super::submitting::framed;
use crate::FaultKind;
use crate::worker::protocol::Request;
use std::time::{Duration, Instant};

/// The result of a look at a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watched {
    /// Nothing wrong, or nothing new.
    Fine,
    /// It may be stuck, and is asked. It gets nothing new.
    Asked,
    /// It is to be ended.
    Stuck,
}

impl Scheduler {
    /// Looks after a worker.
    pub(crate) fn watch(&mut self, worker: u64, now: Instant) -> Watched {
        let drained = self.workers.iter().filter(|slot| slot.is_drained).count();
        let most_drained = self.workers.len() - drained;
        let stuck_after = self.rules.stuck_after;
        let Some(slot) = self.worker_mut(worker) else {
            return Watched::Fine;
        };
        let is_late = slot
            .running
            .values()
            .any(|running| !running.is_answered && running.stuck_at < now);
        let Some(asked) = slot.asked else {
            if !is_late {
                return Watched::Fine;
            }
            slot.asked = Some(now);
            slot.is_drained = true;
            if self.reserved == Some(worker) {
                // Whatever is to be alone need not wait for this one.
                self.reserved = None;
            }
            let frame = framed(&Request::Ping);
            self.actions.push(Action::Send { worker, frame });
            self.actions.push(Action::Changed);
            self.settle(now);
            return Watched::Asked;
        };
        if !slot.lives {
            let is_dead = now.saturating_duration_since(asked) > stuck_after;
            return if is_dead {
                Watched::Stuck
            } else {
                Watched::Fine
            };
        }
        let mut late = Vec::new();
        for (id, running) in &mut slot.running {
            if running.stuck_at >= now || running.is_answered {
                continue;
            }
            running.is_answered = true;
            let message = format!(
                "The script ran for longer than its limit of {} ms, and could not be stopped",
                running.timeout.as_millis()
            );
            let took = now.saturating_duration_since(running.since);
            let outcome = lost_outcome(FaultKind::Timeout, &message, took);
            late.push((*id, (Ok(outcome), running.waited)));
        }
        let all_stuck = slot.running.values().all(|one| one.is_answered);
        for (id, answer) in late {
            self.answer(id, answer);
        }
        // No more of them than there are others, whatever happens.
        if all_stuck || drained > most_drained.max(1) {
            return Watched::Stuck;
        }
        Watched::Fine
    }

    /// Gives a worker, and what it has had for longer, so much more time: nobody could do anything
    /// meanwhile.
    pub(crate) fn excuse(&mut self, worker: u64, during: Duration, now: Instant) {
        let Some(slot) = self.worker_mut(worker) else {
            return;
        };
        for running in slot.running.values_mut() {
            if running.since + during <= now {
                running.stuck_at += during;
            }
        }
        if let Some(asked) = &mut slot.asked
            && *asked + during <= now
        {
            *asked += during;
        }
        self.check(now);
    }

    /// A worker says that it lives.
    ///
    /// # Errors
    ///
    /// When it was not asked.
    pub(super) fn note_alive(&mut self, worker: u64) -> Result<(), Lie> {
        let Some(slot) = self.worker_mut(worker) else {
            return Ok(());
        };
        slot.lives = true;
        slot.asked.map(|_| ()).ok_or(Lie::NotAsked)
    }
}
