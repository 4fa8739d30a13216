//! What becomes of executions whose worker is lost.
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

use super::answer::{lost, lost_outcome};
use super::metrics::Counters;
use super::running::{Outlet, Running};
use super::scheduler::{Scheduler, Submission, Waiting};
use crate::FaultKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// With how many lost workers an execution is to blame, if it was alone with the last of them.
const BLAMED: u32 = 2;

/// What its author is told then.
const CRASHED: &str = "The sandbox crashed: its process ended unexpectedly, and so each time";

/// What is told when it is our doing.
const SHUT_DOWN: &str = "The service was shut down before the script ended";

/// Why a worker is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// It ended, or had to be ended.
    Died,
    /// The pool is shut down.
    ShutDown,
}

impl<L: Outlet> Scheduler<L> {
    /// A worker is gone. Returns how many executions ended with it; others are executed again.
    pub(super) fn lose(
        &mut self,
        worker: u64,
        loss: Loss,
        now: Instant,
        counters: &Counters,
    ) -> usize {
        let Some(slot) = self.workers.iter().find(|slot| slot.key == worker) else {
            return 0;
        };
        let mut ids: Vec<u64> = slot.running.keys().copied().collect();
        let was_alone = ids.len() == 1;
        // The youngest first: each goes to the front, where so the oldest will be.
        ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        let mut ended = 0;
        for id in ids {
            let Some(running) = self.release(worker, id) else {
                continue;
            };
            if self.begin_anew(id, running, loss, was_alone, now, counters) {
                counters.retried.add(1);
            } else {
                ended += 1;
            }
        }
        self.workers.retain(|slot| slot.key != worker);
        if self.reserved == Some(worker) {
            self.reserved = None;
        }
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
        counters: &Counters,
    ) -> bool {
        let Some(answer) = running.answer.take() else {
            return false;
        };
        let deaths = running.deaths + 1;
        let took = now.saturating_duration_since(running.since);
        let result = match (loss, running.frame.take()) {
            (Loss::ShutDown, _) => Ok(lost_outcome(FaultKind::Cancelled, SHUT_DOWN, took)),
            (Loss::Died, _) if deaths >= BLAMED && was_alone => {
                Ok(lost_outcome(FaultKind::Crashed, CRASHED, took))
            }
            (Loss::Died, None) => Err(lost()),
            (Loss::Died, Some(frame)) if running.abandoned.is_none() => {
                let bytes = frame.len();
                let waiting = Waiting {
                    submission: Submission {
                        frame,
                        timeout: running.timeout,
                        output_bytes: running.output_bytes,
                        answer,
                        events: running.events,
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
        counters.ended.add(1);
        let _ = answer.send((result, running.waited));
        false
    }

    /// Gives a worker to itself to an execution that is to have one, once it is empty.
    pub(super) fn dispatch_alone(&mut self, now: Instant, counters: &Counters) -> Option<L> {
        if self.alone.is_empty() {
            return None;
        }
        let reserved = match self.reserved {
            Some(reserved) => reserved,
            None => {
                let workers = self.workers.iter().filter(|worker| !worker.is_drained);
                workers.min_by_key(|worker| worker.running.len())?.key
            }
        };
        self.reserved = Some(reserved);
        let is_free = |slot: &super::running::Worker<L>| {
            slot.key == reserved && slot.running.is_empty() && !slot.is_drained
        };
        let index = self.workers.iter().position(is_free)?;
        let (id, client, waiting) = self.alone.pop_front()?;
        self.give(index, &Arc::clone(&client), id, waiting, now, counters)
    }

    /// Ends what has been waiting for another worker for longer than `patience`: there are none.
    pub(super) fn give_up(&mut self, patience: Duration, now: Instant, counters: &Counters) {
        let is_late = |waiting: &Waiting| now.saturating_duration_since(waiting.since) > patience;
        let late = (self.queue).which(|_, waiting| waiting.deaths > 0 && is_late(waiting));
        let mut late: Vec<Waiting> = (late.into_iter())
            .filter_map(|id| self.queue.remove(id))
            .collect();
        // In turn, those that are to be alone wait longer: for the one before them.
        if self.reserved.is_none() {
            while let Some((.., waiting)) = self.alone.front()
                && is_late(waiting)
            {
                late.extend(self.alone.pop_front().map(|(.., waiting)| waiting));
            }
        }
        for waiting in late {
            counters.ended.add(1);
            let _ = waiting.submission.answer.send((Err(lost()), patience));
        }
    }
}
