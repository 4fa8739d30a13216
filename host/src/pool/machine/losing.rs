//! The fate of executions whose worker is lost.
//!
//! Scripts have no effects but what they give: so one that has given nothing yet can be executed once
//! more, and nobody can tell. An execution that was there when a worker was lost may be the cause, or
//! a neighbour of it:
//!
//! - The first time it is executed again, before its client's others.
//! - The second time it gets a worker to itself. Whether that one is lost too shows who is to blame.
//! - Alone in the worker, and not for the first time: it is the cause, and its author is told so.
//!
//! One that has given something, or was too large to keep, is told to come again: whose fault it was is not
//! known. A second run has all of its time again; there are three at most.

use super::action::Action;
use super::answer::{lost, lost_outcome};
use super::running::{Running, Worker};
use super::scheduler::Scheduler;
use super::waiting::{Submission, Waiting};
use crate::FaultKind;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Instant;

/// With how many lost workers an execution is to blame, if it was alone with the last of them.
const BLAMED: u32 = 2;

/// The message to its author then.
const CRASHED: &str = "The sandbox crashed: its process ended unexpectedly, and so each time";

/// The message when it is our doing.
const SHUT_DOWN: &str = "The service was shut down before the script ended";

/// The reason for which a worker is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It ended, or had to be ended.
    Died,
    /// The pool is shut down.
    ShutDown,
}

impl Scheduler {
    /// A worker is gone. Returns how many executions ended with it; others are executed again.
    pub(crate) fn lose(&mut self, worker: u64, loss: Loss, now: Instant) -> usize {
        let Some(slot) = self.worker(worker) else {
            return 0;
        };
        let mut ids: Vec<u64> = slot.running.keys().copied().collect();
        let was_alone = ids.len() == 1;
        // The youngest first: each goes to the front, where so the oldest will be.
        ids.sort_unstable_by_key(|id| Reverse(*id));
        let mut ended = 0;
        for id in ids {
            let Some(running) = self.release(worker, id) else {
                continue;
            };
            if self.begin_anew(id, running, loss, was_alone, now) {
                self.counters.retried.add(1);
            } else {
                ended += 1;
            }
        }
        self.remove(worker);
        self.settle(now);
        ended
    }

    /// Has an execution wait again, or ends it.
    fn begin_anew(
        &mut self,
        id: u64,
        mut running: Running,
        loss: Loss,
        was_alone: bool,
        now: Instant,
    ) -> bool {
        if running.is_answered {
            return false;
        }
        let deaths = running.deaths + 1;
        let took = now.saturating_duration_since(running.since);
        let result = match (loss, running.frame.take()) {
            (Loss::ShutDown, _) => Ok(lost_outcome(FaultKind::Cancelled, SHUT_DOWN, took)),
            (Loss::Died, _) if deaths >= BLAMED && was_alone => {
                Ok(lost_outcome(FaultKind::Crashed, CRASHED, took))
            }
            (Loss::Died, None) => Err(lost()),
            (Loss::Died, Some(frame)) if running.abandoned.is_none() => {
                if running.is_heard {
                    self.actions.push(Action::Pause { id });
                }
                let bytes = frame.len();
                let waiting = Waiting {
                    submission: Submission {
                        frame,
                        timeout: running.timeout,
                        output_bytes: running.output_bytes,
                        is_heard: running.is_heard,
                    },
                    since: now,
                    deaths,
                };
                if deaths >= BLAMED {
                    // The oldest first, as everywhere.
                    let place = self.alone.partition_point(|(other, ..)| *other < id);
                    self.alone.insert(place, (id, running.client, waiting));
                } else {
                    self.queue.push_front(&running.client, id, bytes, waiting);
                }
                return true;
            }
            // Nobody waits for it.
            (Loss::Died, Some(_)) => Err(lost()),
        };
        self.answer(id, (result, running.waited));
        false
    }

    /// Gives a worker to itself to an execution that is to have one, once it is empty.
    pub(super) fn dispatch_alone(&mut self, now: Instant) -> bool {
        if self.alone.is_empty() {
            self.unreserve();
            return false;
        }
        let reserved = self.reserved.or_else(|| {
            let workers = self.workers.iter().filter(|worker| !worker.is_drained);
            let emptiest = workers.min_by_key(|worker| worker.running.len())?;
            Some(emptiest.key)
        });
        self.reserved = reserved;
        let is_free = |slot: &Worker| {
            Some(slot.key) == reserved && slot.running.is_empty() && !slot.is_drained
        };
        let Some(index) = self.workers.iter().position(is_free) else {
            return false;
        };
        let Some((id, client, waiting)) = self.alone.pop_front() else {
            return false;
        };
        self.give(index, &Arc::clone(&client), id, waiting, now);
        true
    }

    /// Gives the reserved worker back to all when whoever it was for no longer waits, and does not run.
    fn unreserve(&mut self) {
        let worker = self.reserved.and_then(|key| self.worker(key));
        let has_one = worker.is_some_and(|worker| {
            let mut running = worker.running.values();
            running.any(|running| running.deaths >= BLAMED)
        });
        if !has_one {
            self.reserved = None;
        }
    }

    /// Ends what has been waiting for another worker for longer than it may: there are none.
    pub(crate) fn give_up(&mut self, now: Instant) {
        let patience = self.rules.patience;
        let is_late = |waiting: &Waiting| now.saturating_duration_since(waiting.since) > patience;
        let mut late = Vec::new();
        for id in (self.queue).which(|_, waiting| waiting.deaths > 0 && is_late(waiting)) {
            late.extend(self.queue.remove(id).map(|waiting| (id, waiting)));
        }
        // In turn, those that are to be alone wait longer: for the one before them.
        if self.reserved.is_none() {
            while let Some((.., waiting)) = self.alone.front()
                && is_late(waiting)
            {
                late.extend(self.alone.pop_front().map(|(id, _, waiting)| (id, waiting)));
            }
        }
        if late.is_empty() {
            return;
        }
        for (id, waiting) in late {
            self.turn_away(id, &waiting, lost(), now);
        }
        self.settle(now);
    }
}
