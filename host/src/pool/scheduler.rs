//! Who runs where, and when.

use super::answer::{Answer, lost_outcome, shutting_down};
use super::config::PoolConfig;
use super::link::Link;
use super::metrics::Counters;
use super::queue::FairQueue;
use crate::worker::frame;
use crate::worker::protocol::Request;
use crate::{EventSender, FaultKind, Outcome, Rejection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The share of the newest execution in the running average of their durations.
const NEWEST_SHARE: f64 = 0.1;

/// What clients are told to wait at least, and at most, when there is too much to do.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// The state of a pool. It sends nothing itself: it pushes frames to links, in the right order, and
/// says which links to flush once it is unlocked.
#[derive(Debug)]
pub(super) struct Scheduler {
    queue: FairQueue<Waiting>,
    slots: Vec<Slot>,
    sandboxes_per_worker: usize,
    stuck_after: Duration,
    next_id: u64,
    /// Set at the beginning of a shutdown.
    pub(super) refusing: bool,
    /// How long executions take, in seconds.
    pace: f64,
}

/// A place for a worker.
#[derive(Debug, Default)]
struct Slot {
    /// The worker, while there is one that is ready.
    link: Option<Arc<Link>>,
    running: HashMap<u64, Running>,
    pid: u32,
    isolation: Vec<String>,
    /// Whether the last attempt to start a worker here failed.
    failed: bool,
}

/// An execution to be.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) frame: Vec<u8>,
    pub(super) timeout: Duration,
    pub(super) answer: oneshot::Sender<Answer>,
    pub(super) events: Option<EventSender>,
}

#[derive(Debug)]
struct Waiting {
    submission: Submission,
    since: Instant,
}

#[derive(Debug)]
struct Running {
    answer: oneshot::Sender<Answer>,
    events: Option<EventSender>,
    waited: Duration,
    since: Instant,
    /// When the worker is stuck if it has not answered.
    stuck_at: Instant,
    abandoned: Option<Instant>,
}

/// Where an execution was when it was given up.
#[derive(Debug)]
pub(super) enum Abandoned {
    /// It did not run yet, and never will.
    Waiting,
    /// It runs; its worker was asked to stop it.
    Running(Arc<Link>),
    /// It had ended.
    Ended,
}

/// How much is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) workers: usize,
    pub(super) running: usize,
    pub(super) queued: usize,
    pub(super) isolation: Vec<String>,
    /// Whether there is no worker, and none could be started.
    pub(super) all_failed: bool,
}

impl Scheduler {
    pub(super) fn new(config: &PoolConfig) -> Self {
        Self {
            queue: FairQueue::new(config.queue_length, config.queue_bytes),
            slots: (0..config.workers).map(|_| Slot::default()).collect(),
            sandboxes_per_worker: config.sandboxes_per_worker as usize,
            stuck_after: config.stuck_after,
            next_id: 1,
            refusing: false,
            pace: 0.0,
        }
    }

    /// A number that no other execution of this pool has.
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
        counters: &Counters,
    ) -> Result<Option<Arc<Link>>, Rejection> {
        if self.refusing {
            return Err(shutting_down());
        }
        let since = Instant::now();
        let waiting = Waiting { submission, since };
        if self.queue.is_empty()
            && let Some(index) = self.least_loaded()
        {
            counters.accepted.add(1);
            return Ok(self.give(index, id, waiting, since, counters));
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
        Ok(None)
    }

    /// Gives the next waiting execution to a worker, if there is one of both.
    pub(super) fn dispatch(&mut self, counters: &Counters) -> Option<Arc<Link>> {
        if self.queue.is_empty() {
            return None;
        }
        let index = self.least_loaded()?;
        let (id, waiting) = self.queue.pop()?;
        self.give(index, id, waiting, Instant::now(), counters)
    }

    /// The worker with the most free sandboxes. The first among equals: its memory is the warmest.
    fn least_loaded(&self) -> Option<usize> {
        let free = |slot: &Slot| match slot.link {
            Some(_) => self.sandboxes_per_worker.saturating_sub(slot.running.len()),
            None => 0,
        };
        let mut best = (0, None);
        for (index, slot) in self.slots.iter().enumerate() {
            if free(slot) > best.0 {
                best = (free(slot), Some(index));
            }
        }
        best.1
    }

    fn give(
        &mut self,
        index: usize,
        id: u64,
        waiting: Waiting,
        now: Instant,
        counters: &Counters,
    ) -> Option<Arc<Link>> {
        let slot = self.slots.get_mut(index)?;
        let link = slot.link.clone()?;
        let Waiting { submission, since } = waiting;
        link.push(&submission.frame);
        let waited = now.saturating_duration_since(since);
        counters.queue_wait.record(waited);
        if let Some(events) = &submission.events {
            let link = Arc::clone(&link);
            events.begin(move |bytes| {
                // Two numbers always have a form.
                link.push(&frame::encode(&Request::Read { id, bytes }).unwrap_or_default());
                link.flush();
            });
        }
        slot.running.insert(
            id,
            Running {
                answer: submission.answer,
                events: submission.events,
                waited,
                since: now,
                stuck_at: now + submission.timeout + self.stuck_after,
                abandoned: None,
            },
        );
        Some(link)
    }

    /// Notes the end of an execution, and tells who waits for it. An execution that this worker
    /// was not given is ignored.
    pub(super) fn finish(
        &mut self,
        index: usize,
        id: u64,
        result: Result<Outcome, Rejection>,
        counters: &Counters,
    ) {
        let slot = self.slots.get_mut(index);
        let Some(running) = slot.and_then(|slot| slot.running.remove(&id)) else {
            return;
        };
        if let Some(events) = &running.events {
            events.end();
        }
        let took = running.since.elapsed();
        counters.ended.add(1);
        counters.sandbox_time.record(took);
        self.pace += (took.as_secs_f64() - self.pace) * NEWEST_SHARE;
        if let Some(abandoned) = running.abandoned {
            counters.release_time.record(abandoned.elapsed());
        }
        // Fails if nobody waits any more.
        let _ = running.answer.send((result, running.waited));
    }

    /// Where the events of an execution go, if this worker was given it and somebody listens.
    pub(super) fn listener(&self, index: usize, id: u64) -> Option<EventSender> {
        let running = self.slots.get(index)?.running.get(&id)?;
        running.events.clone()
    }

    /// Gives an execution up.
    pub(super) fn abandon(&mut self, id: u64, cancel: &[u8], counters: &Counters) -> Abandoned {
        if self.queue.remove(id).is_some() {
            counters.abandoned.add(1);
            counters.ended.add(1);
            return Abandoned::Waiting;
        }
        for slot in &mut self.slots {
            if let (Some(running), Some(link)) = (slot.running.get_mut(&id), &slot.link) {
                let now = Instant::now();
                running.abandoned = Some(now);
                running.stuck_at = running.stuck_at.min(now + self.stuck_after);
                link.push(cancel);
                counters.abandoned.add(1);
                return Abandoned::Running(Arc::clone(link));
            }
        }
        Abandoned::Ended
    }

    /// Takes back an execution that has waited too long; an answer to it never comes.
    pub(super) fn expire(&mut self, id: u64, counters: &Counters) -> Option<Rejection> {
        self.queue.remove(id)?;
        counters.overloaded.add(1);
        counters.ended.add(1);
        Some(self.overloaded())
    }

    /// A worker is ready.
    pub(super) fn attach(
        &mut self,
        index: usize,
        link: &Arc<Link>,
        pid: u32,
        isolation: Vec<String>,
    ) {
        if let Some(slot) = self.slots.get_mut(index) {
            slot.link = Some(Arc::clone(link));
            slot.pid = pid;
            slot.isolation = isolation;
            slot.failed = false;
        }
    }

    /// A worker ended before it was ready.
    pub(super) fn note_failed_start(&mut self, index: usize) {
        if let Some(slot) = self.slots.get_mut(index) {
            slot.failed = true;
        }
    }

    /// A worker is gone. Its executions end, each with this fault. Returns how many those were.
    pub(super) fn detach(
        &mut self,
        index: usize,
        kind: FaultKind,
        message: &str,
        counters: &Counters,
    ) -> usize {
        let Some(slot) = self.slots.get_mut(index) else {
            return 0;
        };
        slot.link = None;
        let lost = slot.running.len();
        for (_, running) in slot.running.drain() {
            if let Some(events) = &running.events {
                events.end();
            }
            counters.ended.add(1);
            let outcome = lost_outcome(kind, message, running.since.elapsed());
            let _ = running.answer.send((Ok(outcome), running.waited));
        }
        lost
    }

    /// Gives a worker nothing more to do, if it has nothing to do and another is ready.
    pub(super) fn retire(&mut self, index: usize) -> bool {
        let others = self.slots.iter().enumerate();
        let mut others = others.filter(|(other, slot)| *other != index && slot.link.is_some());
        let another = others.next().is_some();
        match self.slots.get_mut(index) {
            Some(slot) if another && slot.running.is_empty() => {
                slot.link = None;
                true
            }
            _ => false,
        }
    }

    /// Whether a worker has not answered for longer than it may.
    pub(super) fn is_stuck(&self, index: usize) -> bool {
        let now = Instant::now();
        self.slots
            .get(index)
            .is_some_and(|slot| slot.running.values().any(|running| running.stuck_at < now))
    }

    /// Rejects all that waits.
    pub(super) fn clear(&mut self, counters: &Counters) {
        while let Some((_, waiting)) = self.queue.pop() {
            counters.ended.add(1);
            let answer = (Err(shutting_down()), waiting.since.elapsed());
            let _ = waiting.submission.answer.send(answer);
        }
    }

    /// The processes of the workers that are ready.
    pub(super) fn pids(&self) -> Vec<u32> {
        let ready = self.slots.iter().filter(|slot| slot.link.is_some());
        ready.map(|slot| slot.pid).collect()
    }

    /// Some worker that is ready.
    pub(super) fn any_link(&self) -> Option<Arc<Link>> {
        self.slots.iter().find_map(|slot| slot.link.clone())
    }

    pub(super) fn load(&self) -> Load {
        let ready = || self.slots.iter().filter(|slot| slot.link.is_some());
        // What confines every worker; they are all alike, unless one could not be confined.
        let mut isolation = ready()
            .next()
            .map_or_else(Vec::new, |slot| slot.isolation.clone());
        isolation.retain(|means| ready().all(|slot| slot.isolation.contains(means)));
        Load {
            workers: ready().count(),
            running: self.slots.iter().map(|slot| slot.running.len()).sum(),
            queued: self.queue.len(),
            isolation,
            all_failed: self.slots.iter().all(|slot| slot.failed),
        }
    }

    /// A rejection with the time that what waits now will take.
    fn overloaded(&self) -> Rejection {
        let sandboxes = (self.slots.len() * self.sandboxes_per_worker).max(1);
        let rounds = self.queue.len() as f64 / sandboxes as f64;
        let (least, most) = RETRY_AFTER;
        let estimate = Duration::try_from_secs_f64(self.pace * rounds).unwrap_or(most);
        Rejection::Overloaded {
            retry_after: estimate.clamp(least, most),
        }
    }
}
