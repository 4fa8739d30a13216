//! Giving away the places there are: who is next, and where.

use super::action::Action;
use super::allowance::Allowance;
use super::queue::Turn;
use super::running::{Running, Standing, Worker};
use super::scheduler::Scheduler;
use super::waiting::{Returning, Waiting};
use std::time::Instant;

/// The places that a client may have for each that is free.
const PLACES_PER_FREE: usize = 3;

/// Between two workers with as many free places, the one with fewer parked executions is taken when
/// they differ by so many: else the first, whose memory is the warmest.
const PARKED_STEP: usize = 8;

impl Scheduler {
    /// Gives a place to whoever is next, if there is one of both: then there may be more to give.
    pub(super) fn dispatch(&mut self, now: Instant) -> bool {
        if self.dispatch_alone(now) {
            return true;
        }
        if self.queue.is_empty() && self.returning.is_empty() {
            return false;
        }
        self.dispatch_next(now).is_some()
    }

    fn dispatch_next(&mut self, now: Instant) -> Option<()> {
        let (workers, clients, most) = (&self.workers, &self.clients, self.rules.places);
        let held = |client: &str| clients.of(client).places;
        let can_return = |back: &Returning| {
            let mut workers = workers.iter();
            workers.any(|worker| worker.key == back.worker && worker.places < most)
        };
        let back = self.returning.next(held, can_return);
        let index = self.least_loaded();
        let new = index.and_then(|_| self.queue.next(held, |_| true));
        let is_back_first = self.is_back_first(back, new);
        let back = if is_back_first {
            back
        } else {
            // What a client has that wants to go on goes before its new ones.
            new.and_then(|turn| {
                let client = self.queue.client(turn)?;
                self.returning.next_of(client, turn.held, can_return)
            })
        };
        self.returned_last = is_back_first;
        if let Some(turn) = back {
            if !self.may_have_another(turn.held) {
                return None;
            }
            let (id, Returning { worker }) = self.returning.take(turn)?;
            self.unpark(worker, id);
            return Some(());
        }
        let turn = new.filter(|turn| self.may_have_another(turn.held))?;
        let client = self.queue.client(turn)?.to_owned();
        let (id, waiting) = self.queue.take(turn)?;
        self.give(index?, &client, id, waiting, now);
        Some(())
    }

    /// Tells whether it is the turn of those that return: whoever holds less is first. Between clients who
    /// hold the same, the two kinds take turns.
    fn is_back_first(&self, back: Option<Turn>, new: Option<Turn>) -> bool {
        let (Some(back), Some(new)) = (back, new) else {
            return back.is_some();
        };
        back.held < new.held || (back.held == new.held && !self.returned_last)
    }

    /// Tells whether a client that holds so many places may have one more.
    pub(super) fn may_have_another(&self, held: usize) -> bool {
        let free = self.workers.iter().map(|worker| self.free(worker)).sum();
        held < PLACES_PER_FREE.saturating_mul(free)
    }

    fn free(&self, worker: &Worker) -> usize {
        self.rules.places.saturating_sub(worker.places)
    }

    /// The worker with the most free places, of those that take something new.
    pub(super) fn least_loaded(&self) -> Option<usize> {
        let mut best = None;
        for (index, worker) in self.workers.iter().enumerate() {
            if worker.is_drained || self.reserved == Some(worker.key) {
                continue;
            }
            let free = self.free(worker);
            let rank = (free, usize::MAX - worker.parked / PARKED_STEP);
            if free > 0 && best.is_none_or(|(best, _)| best < rank) {
                best = Some((rank, index));
            }
        }
        best.map(|(_, index)| index)
    }

    /// Gives a place of a worker to an execution.
    pub(super) fn give(
        &mut self,
        index: usize,
        client: &str,
        id: u64,
        waiting: Waiting,
        now: Instant,
    ) {
        let worker = &mut self.workers[index];
        assert!(
            worker.places < self.rules.places && !worker.is_drained,
            "a place that is given is there"
        );
        let client = self.clients.named(client);
        let Waiting {
            submission,
            since,
            deaths,
        } = waiting;
        let waited = now.saturating_duration_since(since);
        self.counters.queue_wait.record(waited);
        worker.places += 1;
        let holding = self.clients.of_mut(&client);
        holding.places += 1;
        let bytes = submission.frame.len();
        // Half of the room for one client: others want to be kept as well.
        let most = self.rules.queue_bytes;
        let is_kept = self.kept_bytes + bytes <= most && holding.kept_bytes + bytes <= most / 2;
        if is_kept {
            holding.kept_bytes += bytes;
            self.kept_bytes += bytes;
        }
        self.actions.push(Action::Give {
            worker: worker.key,
            id,
            frame: submission.frame.clone(),
            is_anew: deaths > 0,
        });
        let before = worker.running.insert(
            id,
            Running {
                client,
                is_answered: false,
                is_heard: submission.is_heard,
                waited,
                since: now,
                stuck_at: now + submission.timeout + self.rules.stuck_after,
                abandoned: None,
                standing: Standing::Runs,
                timeout: submission.timeout,
                allowance: Allowance::new(submission.output_bytes),
                output_bytes: submission.output_bytes,
                frame: is_kept.then_some(submission.frame),
                deaths,
            },
        );
        assert!(before.is_none(), "an execution is given once");
    }
}
