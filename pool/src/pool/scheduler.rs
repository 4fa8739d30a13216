//! Who runs where, and when.
//!
//! A client may have up to three times as many places as are free: `held < 3 * free`. One alone gets
//! three quarters of them, `k` who want all that they can get each have `places / (k + 1/3)` and leave a third of that
//! free. So somebody who has nothing finds a place at once, unless more than `3 * places` clients, by
//! what `held < 3 * free` allows, hold one each; and then is next when one is free. (Proof: were none
//! free, the last was taken by somebody with `held < 3`, when one was free, and so for all before, each
//! with less than three times what was free then. So of `n` places one client has at most `n - n / 4`,
//! rounded down.) Below four places this keeps nothing free, as one of two or three would be a lot.
//!
//! All here happens at once and depends on what goes in alone: the time is an argument, and frames go
//! to an [`Outlet`].

use super::answer::{Answer, shutting_down};
use super::clients::Clients;
use super::config::PoolConfig;
use super::metrics::Counters;
use super::parking::{Parking, Returning};
use super::queue::{FairQueue, Turn};
use super::running::{Allowance, Outlet, Running, Standing, Worker};
use crate::worker::frame;
use crate::worker::protocol::Request;
use crate::{EventSender, Outcome, Rejection};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How many times as many places as are free a client may have.
const PLACES_PER_FREE: usize = 3;

/// Between two workers with as many free places, the one with fewer parked executions is taken when
/// they differ by so many: else the first, whose memory is the warmest.
const PARKED_STEP: usize = 8;

/// The share of the newest execution in the running average of their durations.
const NEWEST_SHARE: f64 = 0.1;

/// What clients are told to wait at least, and at most, when there is too much to do.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// The state of a pool. It sends nothing itself: it pushes frames to links, in the right order, and
/// says which links to flush once it is unlocked.
#[derive(Debug)]
pub(super) struct Scheduler<L> {
    pub(super) queue: FairQueue<Waiting>,
    /// What two workers were lost with: each in turn gets a worker to itself.
    pub(super) alone: VecDeque<(u64, Arc<str>, Waiting)>,
    /// The worker that is to be for one of those, or is.
    pub(super) reserved: Option<u64>,
    /// The programs that are kept in case their worker is lost, in bytes, and their most.
    pub(super) kept_bytes: usize,
    most_kept_bytes: usize,
    /// What was parked and wants to go on.
    pub(super) returning: FairQueue<Returning>,
    /// Whether the last place went to one of those.
    returned_last: bool,
    pub(super) parking: Parking,
    pub(super) clients: Clients,
    pub(super) workers: Vec<Worker<L>>,
    /// For each worker there should be, whether the last attempt to start it failed.
    failed: Vec<bool>,
    sandboxes_per_worker: usize,
    pub(super) stuck_after: Duration,
    next_id: u64,
    /// Set at the beginning of a shutdown.
    pub(super) refusing: bool,
    /// How long executions take, in seconds.
    pace: f64,
}

/// What a worker says that cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lie {
    /// It speaks of an execution that it was not given.
    #[error("an execution that it was not given")]
    NotGiven,
    /// It says that an execution waits which does so already.
    #[error("an execution that waits twice")]
    NotRunning,
    /// It says that an execution gave what it cannot have given.
    #[error("more than an execution may give")]
    TooMuch,
    /// It says that an execution waits no longer which did not wait.
    #[error("an execution that goes on twice")]
    NotWaiting,
}

/// An execution to be.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) frame: Vec<u8>,
    pub(super) timeout: Duration,
    pub(super) output_bytes: u64,
    pub(super) answer: oneshot::Sender<Answer>,
    pub(super) events: Option<EventSender>,
}

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) submission: Submission,
    pub(super) since: Instant,
    /// How many workers were lost with it so far.
    pub(super) deaths: u32,
}

/// Where an execution was when it was given up.
#[derive(Debug)]
pub(super) enum Abandoned<L> {
    /// It did not run yet, and never will.
    Waiting,
    /// It runs; its worker was asked to stop it.
    Running(L),
    /// It had ended.
    Ended,
}

/// How much is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) workers: usize,
    /// In a sandbox, parked or not.
    pub(super) running: usize,
    pub(super) parked: usize,
    pub(super) queued: usize,
    pub(super) isolation: Vec<String>,
    /// Whether there is no worker, and none could be started.
    pub(super) all_failed: bool,
}

impl<L: Outlet> Scheduler<L> {
    pub(super) fn new(config: &PoolConfig) -> Self {
        let per_worker = config.parked_per_worker as usize;
        Self {
            queue: FairQueue::new(config.queue_length, config.queue_bytes),
            alone: VecDeque::new(),
            reserved: None,
            kept_bytes: 0,
            most_kept_bytes: config.queue_bytes,
            returning: FairQueue::new(usize::MAX, usize::MAX),
            returned_last: false,
            parking: Parking {
                per_worker,
                total: per_worker.saturating_mul(config.workers as usize),
                bytes: config.parked_bytes,
                bytes_now: 0,
            },
            clients: Clients::default(),
            workers: Vec::new(),
            failed: vec![false; config.workers as usize],
            sandboxes_per_worker: config.sandboxes_per_worker as usize,
            stuck_after: config.stuck_after,
            next_id: 1,
            refusing: false,
            pace: 0.0,
        }
    }

    /// A number that no other execution of this pool has, and no other worker.
    pub(super) fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Takes an execution: gives it to a worker now ([`Some`] link to flush), or has it wait.
    pub(super) fn submit(
        &mut self,
        id: u64,
        client: &str,
        submission: Submission,
        now: Instant,
        counters: &Counters,
    ) -> Result<Option<L>, Rejection> {
        if self.refusing {
            return Err(shutting_down());
        }
        let waiting = Waiting {
            submission,
            since: now,
            deaths: 0,
        };
        if self.queue.is_empty()
            && self.alone.is_empty()
            && self.returning.is_empty()
            && self.may_have_another(self.clients.of(client).places)
            && let Some(index) = self.least_loaded()
        {
            counters.accepted.add(1);
            return Ok(self.give(index, client, id, waiting, now, counters));
        }
        let bytes = waiting.submission.frame.len();
        let Ok(evicted) = self.queue.make_room(client, bytes) else {
            counters.overloaded.add(1);
            return Err(self.overloaded());
        };
        for (_, waiting) in evicted {
            counters.overloaded.add(1);
            counters.ended.add(1);
            let answer = (Err(self.overloaded()), waiting.since.elapsed());
            let _ = waiting.submission.answer.send(answer);
        }
        counters.accepted.add(1);
        self.queue.push(client, id, bytes, waiting);
        Ok(self.dispatch(now, counters))
    }

    /// Gives a place to whoever is next, if there is one of both: then there is a link to flush, and
    /// there may be more to give.
    pub(super) fn dispatch(&mut self, now: Instant, counters: &Counters) -> Option<L> {
        if let Some(link) = self.dispatch_alone(now, counters) {
            return Some(link);
        }
        if self.queue.is_empty() && self.returning.is_empty() {
            return None;
        }
        let (workers, clients, most) = (&self.workers, &self.clients, self.sandboxes_per_worker);
        let held = |client: &str| clients.of(client).places;
        let back = self.returning.next(held, |back| {
            let mut workers = workers.iter();
            workers.any(|worker| worker.key == back.worker && worker.places < most)
        });
        let index = self.least_loaded();
        let new = index.and_then(|_| self.queue.next(held, |_| true));
        if self.is_back_first(back, new) {
            let turn = back.filter(|turn| self.may_have_another(turn.held))?;
            self.returned_last = true;
            let (id, Returning { worker }) = self.returning.take(turn)?;
            return self.unpark(worker, id);
        }
        let turn = new.filter(|turn| self.may_have_another(turn.held))?;
        self.returned_last = false;
        let client = self.queue.client(turn)?.to_owned();
        let (id, waiting) = self.queue.take(turn)?;
        self.give(index?, &client, id, waiting, now, counters)
    }

    /// Whether the place is for one that returns: whose client holds less. A client's own goes before
    /// its new ones; between clients who hold the same, the two kinds take turns.
    fn is_back_first(&self, back: Option<Turn>, new: Option<Turn>) -> bool {
        let (Some(back), Some(new)) = (back, new) else {
            return back.is_some();
        };
        let same = || self.returning.client(back) == self.queue.client(new);
        back.held < new.held || (back.held == new.held && (!self.returned_last || same()))
    }

    /// Whether a client that holds so many places may have one more.
    fn may_have_another(&self, held: usize) -> bool {
        let free = self.workers.iter().map(|worker| self.free(worker)).sum();
        held < PLACES_PER_FREE.saturating_mul(free)
    }

    fn free(&self, worker: &Worker<L>) -> usize {
        self.sandboxes_per_worker.saturating_sub(worker.places)
    }

    /// The worker with the most free places, of those that take something new.
    fn least_loaded(&self) -> Option<usize> {
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

    pub(super) fn give(
        &mut self,
        index: usize,
        client: &str,
        id: u64,
        waiting: Waiting,
        now: Instant,
        counters: &Counters,
    ) -> Option<L> {
        let worker = self.workers.get_mut(index)?;
        let client = self.clients.named(client);
        let Waiting {
            submission,
            since,
            deaths,
        } = waiting;
        worker.link.push(&submission.frame);
        let waited = now.saturating_duration_since(since);
        counters.queue_wait.record(waited);
        if let Some(events) = &submission.events {
            let link = worker.link.clone();
            let read = move |bytes| {
                // Two numbers always have a form.
                link.push(&frame::encode(&Request::Read { id, bytes }).unwrap_or_default());
                link.flush();
            };
            if deaths == 0 {
                events.begin(read);
            } else {
                events.begin_anew(read);
            }
        }
        worker.places += 1;
        let holding = self.clients.of_mut(&client);
        holding.places += 1;
        let bytes = submission.frame.len();
        // Half of the room for one client: others want to be kept as well.
        let is_kept = self.kept_bytes + bytes <= self.most_kept_bytes
            && holding.kept_bytes + bytes <= self.most_kept_bytes / 2;
        if is_kept {
            holding.kept_bytes += bytes;
            self.kept_bytes += bytes;
        }
        worker.running.insert(
            id,
            Running {
                client,
                answer: Some(submission.answer),
                events: submission.events,
                waited,
                since: now,
                stuck_at: now + submission.timeout + self.stuck_after,
                abandoned: None,
                standing: Standing::Runs,
                timeout: submission.timeout,
                allowance: Allowance::new(submission.output_bytes),
                output_bytes: submission.output_bytes,
                frame: is_kept.then_some(submission.frame),
                deaths,
            },
        );
        Some(worker.link.clone())
    }

    /// Takes an execution from its worker, with all that it has. `None` if it has not been given it.
    pub(super) fn release(&mut self, worker: u64, id: u64) -> Option<Running> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker)?;
        let running = slot.running.remove(&id)?;
        if let Some(events) = &running.events {
            events.end();
        }
        let holding = self.clients.of_mut(&running.client);
        let kept = running.frame.as_ref().map_or(0, Vec::len);
        holding.kept_bytes -= kept;
        self.kept_bytes -= kept;
        if slot.running.is_empty() && self.reserved == Some(worker) {
            self.reserved = None;
        }
        match running.standing {
            Standing::Runs | Standing::Waits => {
                slot.places -= 1;
                holding.places -= 1;
            }
            Standing::Parked(bytes) | Standing::Returns(bytes) => {
                slot.parked -= 1;
                holding.parked -= 1;
                holding.parked_bytes -= bytes;
                self.parking.bytes_now -= bytes;
                if running.standing == Standing::Returns(bytes) {
                    self.returning.remove(id);
                }
            }
        }
        Some(running)
    }

    /// Notes the end of an execution, and tells who waits for it.
    pub(super) fn finish(
        &mut self,
        worker: u64,
        id: u64,
        result: Result<Outcome, Rejection>,
        now: Instant,
        counters: &Counters,
    ) -> Result<(), Lie> {
        let slot = self.workers.iter().find(|slot| slot.key == worker);
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
        let Some(answer) = running.answer else {
            return Ok(());
        };
        let took = now.saturating_duration_since(running.since);
        counters.ended.add(1);
        counters.sandbox_time.record(took);
        self.pace += (took.as_secs_f64() - self.pace) * NEWEST_SHARE;
        if let Some(abandoned) = running.abandoned {
            let since = now.saturating_duration_since(abandoned);
            counters.release_time.record(since);
        }
        // Fails if nobody waits any more.
        let _ = answer.send((result, running.waited));
        Ok(())
    }

    /// Where the events of an execution go that its worker tells something of, and what it may still
    /// tell. What was told it cannot give a second time, so it is not executed anew from here on.
    pub(super) fn telling(
        &mut self,
        worker: u64,
        id: u64,
    ) -> Result<(EventSender, Allowance), Lie> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker);
        let Some(running) = slot.and_then(|slot| slot.running.get_mut(&id)) else {
            return Err(Lie::NotGiven);
        };
        let events = running.events.clone().ok_or(Lie::TooMuch)?;
        if let Some(frame) = running.frame.take() {
            self.clients.of_mut(&running.client).kept_bytes -= frame.len();
            self.kept_bytes -= frame.len();
        }
        Ok((events, running.allowance))
    }

    /// Notes what an execution may still tell.
    pub(super) fn told(&mut self, worker: u64, id: u64, left: Allowance) {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker);
        if let Some(running) = slot.and_then(|slot| slot.running.get_mut(&id)) {
            running.allowance = left;
        }
    }

    /// Gives an execution up.
    pub(super) fn abandon(
        &mut self,
        id: u64,
        cancel: &[u8],
        now: Instant,
        counters: &Counters,
    ) -> Abandoned<L> {
        let alone = self.alone.iter().position(|(other, ..)| *other == id);
        let alone = alone.and_then(|index| self.alone.remove(index));
        if alone.is_some() || self.queue.remove(id).is_some() {
            counters.abandoned.add(1);
            counters.ended.add(1);
            return Abandoned::Waiting;
        }
        for worker in &mut self.workers {
            if let Some(running) = worker.running.get_mut(&id) {
                running.abandoned = Some(now);
                running.stuck_at = running.stuck_at.min(now + self.stuck_after);
                worker.link.push(cancel);
                counters.abandoned.add(1);
                return Abandoned::Running(worker.link.clone());
            }
        }
        Abandoned::Ended
    }

    /// Takes back an execution that has waited too long; an answer to it never comes.
    pub(super) fn expire(&mut self, id: u64, counters: &Counters) -> Option<Rejection> {
        // What has run before is looked after elsewhere: its wait began anew.
        let is_new = |other, waiting: &Waiting| other == id && waiting.deaths == 0;
        self.queue.which(is_new).first()?;
        self.queue.remove(id)?;
        counters.overloaded.add(1);
        counters.ended.add(1);
        Some(self.overloaded())
    }

    /// Worker `index` of those there should be is ready.
    pub(super) fn attach(&mut self, index: usize, worker: Worker<L>) {
        self.workers.push(worker);
        if let Some(failed) = self.failed.get_mut(index) {
            *failed = false;
        }
    }

    /// A worker ended before it was ready.
    pub(super) fn note_failed_start(&mut self, index: usize) {
        if let Some(failed) = self.failed.get_mut(index) {
            *failed = true;
        }
    }

    /// Gives a worker nothing more to do, if it has nothing to do and another is ready.
    pub(super) fn retire(&mut self, worker: u64) -> bool {
        let is_idle = |slot: &Worker<L>| slot.key == worker && slot.running.is_empty();
        let retires = self.workers.len() > 1 && self.workers.iter().any(is_idle);
        if retires {
            self.workers.retain(|slot| slot.key != worker);
        }
        retires
    }

    /// Rejects all that waits.
    pub(super) fn clear(&mut self, counters: &Counters) {
        let alone = std::mem::take(&mut self.alone).into_iter();
        let mut alone = alone.map(|(_, _, waiting)| waiting);
        while let Some(waiting) = alone.next().or_else(|| Some(self.queue.pop()?.1)) {
            counters.ended.add(1);
            let answer = (Err(shutting_down()), waiting.since.elapsed());
            let _ = waiting.submission.answer.send(answer);
        }
    }

    /// The processes of the workers that take programs.
    pub(super) fn pids(&self) -> Vec<u32> {
        let workers = self.workers.iter().filter(|worker| !worker.is_drained);
        workers.map(|worker| worker.pid).collect()
    }

    /// Some worker that is ready.
    pub(super) fn any_link(&self) -> Option<L> {
        self.workers.first().map(|worker| worker.link.clone())
    }

    pub(super) fn load(&self) -> Load {
        // What confines every worker; they are all alike, unless one could not be confined.
        let first = self.workers.first();
        let mut isolation = first.map_or_else(Vec::new, |worker| worker.isolation.clone());
        isolation.retain(|means| {
            let mut workers = self.workers.iter();
            workers.all(|worker| worker.isolation.contains(means))
        });
        let workers = || self.workers.iter();
        Load {
            workers: workers().filter(|worker| !worker.is_drained).count(),
            running: workers().map(|worker| worker.running.len()).sum(),
            parked: workers().map(|worker| worker.parked).sum(),
            queued: self.queue.len() + self.alone.len(),
            isolation,
            all_failed: workers().next().is_none() && self.failed.iter().all(|failed| *failed),
        }
    }

    /// A rejection with the time that what waits now will take.
    fn overloaded(&self) -> Rejection {
        let sandboxes = (self.failed.len() * self.sandboxes_per_worker).max(1);
        let rounds = self.queue.len() as f64 / sandboxes as f64;
        let (least, most) = RETRY_AFTER;
        let estimate = Duration::try_from_secs_f64(self.pace * rounds).unwrap_or(most);
        Rejection::Overloaded {
            retry_after: estimate.clamp(least, most),
        }
    }
}

/// The message that lets an execution go on.
pub(super) fn resume(id: u64) -> Vec<u8> {
    // A number always has a form.
    frame::encode(&Request::Resume { id }).unwrap_or_default()
}
