//! The end of executions whose worker says that they have ended.

use super::action::Action;
use super::answer::Answer;
use super::lie::Lie;
use super::running::{Running, Standing};
use super::scheduler::Scheduler;
use crate::{Outcome, Rejection};
use std::time::Instant;

/// The share of the newest execution in the running average of their durations.
const NEWEST_SHARE: f64 = 0.1;

impl Scheduler {
    /// Notes the end of an execution, and answers who waits for it.
    ///
    /// # Errors
    ///
    /// When it cannot be so. Then nothing has changed.
    pub(super) fn finish(
        &mut self,
        worker: u64,
        id: u64,
        result: Result<Outcome, Rejection>,
        now: Instant,
    ) -> Result<(), Lie> {
        let slot = self.worker(worker);
        let Some(running) = slot.and_then(|slot| slot.running.get(&id)) else {
            return Err(Lie::NotGiven);
        };
        // As long as it is not released it is executed again when the worker is ended for this.
        if let Ok(outcome) = &result
            && !running.allowance.fits(outcome)
        {
            return Err(Lie::TooMuch);
        }
        let Some(running) = self.release(worker, id) else {
            return Err(Lie::NotGiven);
        };
        if !running.is_answered {
            let took = now.saturating_duration_since(running.since);
            self.counters.sandbox_time.record(took);
            self.pace += (took.as_secs_f64() - self.pace) * NEWEST_SHARE;
            if let Some(abandoned) = running.abandoned {
                let since = now.saturating_duration_since(abandoned);
                self.counters.release_time.record(since);
            }
            self.answer(id, (result, running.waited));
        }
        if self.is_refusing {
            self.actions.push(Action::Changed);
        }
        self.settle(now);
        Ok(())
    }

    /// Takes an execution from its worker, with all that it has. `None` if it has not been given it.
    pub(super) fn release(&mut self, worker: u64, id: u64) -> Option<Running> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker)?;
        let running = slot.running.remove(&id)?;
        let holding = self.clients.of_mut(&running.client);
        let kept = running.frame.as_ref().map_or(0, |frame| frame.len());
        take(&mut holding.kept_bytes, kept);
        take(&mut self.kept_bytes, kept);
        if slot.running.is_empty() && self.reserved == Some(worker) {
            self.reserved = None;
        }
        match running.standing {
            Standing::Runs | Standing::Waits => {
                take(&mut slot.places, 1);
                take(&mut holding.places, 1);
            }
            Standing::Parked(bytes) | Standing::Returns(bytes) => {
                take(&mut slot.parked, 1);
                take(&mut holding.parked, 1);
                take(&mut holding.parked_bytes, bytes);
                take(&mut self.room.bytes_now, bytes);
                if running.standing == Standing::Returns(bytes) {
                    self.returning.remove(id);
                }
            }
        }
        Some(running)
    }

    /// Answers whoever waits for an execution that has ended, however it did.
    pub(super) fn answer(&mut self, id: u64, answer: Answer) {
        self.counters.ended.add(1);
        self.actions.push(Action::Answer { id, answer });
    }
}

/// Takes from a count what was added to it before.
pub(super) fn take<N: CheckedLess>(count: &mut N, less: N) {
    let left = count.less(less);
    assert!(left.is_some(), "no more is given back than was taken");
    if let Some(left) = left {
        *count = left;
    }
}

/// Numbers that are never below zero.
pub(super) trait CheckedLess: Copy {
    fn less(self, other: Self) -> Option<Self>;
}

impl CheckedLess for usize {
    fn less(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}

impl CheckedLess for u64 {
    fn less(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}
