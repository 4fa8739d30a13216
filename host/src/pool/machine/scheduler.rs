//! The scheduler: who runs where, and when.
//!
//! A client may have up to three times as many places as are free: `held < 3 * free`. One alone gets
//! three quarters of them, `k` who want all that they can get each have `places / (k + 1/3)` and leave a third of that
//! free. So somebody who has nothing finds a place at once, unless more than `3 * places` clients, by
//! what `held < 3 * free` allows, hold one each; and then is next when one is free. (Proof: were none
//! free, the last was taken by somebody with `held < 3`, when one was free, and so for all before, each
//! with less than three times what was free then. So of `n` places one client has at most `n - n / 4`,
//! rounded down.) Below four places this keeps nothing free, as one of two or three would be a lot.
//!
//! All here happens at once and depends on what goes in alone. What is to be done because of it are the
//! [`actions`](Scheduler::actions), which whoever drives it takes after each call.

use super::action::{Action, Frame};
use super::clients::Clients;
use super::queue::FairQueue;
use super::room::Room;
use super::rules::Rules;
use super::running::Worker;
use super::waiting::{Returning, Waiting};
use crate::pool::metrics::Counters;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// The state of a pool: what waits, what runs where, and who has how much of it.
#[derive(Debug)]
pub(crate) struct Scheduler {
    pub(super) rules: Rules,
    pub(super) counters: Arc<Counters>,
    pub(super) queue: FairQueue<Waiting>,
    /// Executions that two workers were lost with: each in turn gets a worker to itself.
    pub(super) alone: VecDeque<(u64, Arc<str>, Waiting)>,
    /// The worker that is to be for one of those, or is.
    pub(super) reserved: Option<u64>,
    /// The programs that are kept in case their worker is lost, in bytes.
    pub(super) kept_bytes: usize,
    /// Executions that were parked and want to go on.
    pub(super) returning: FairQueue<Returning>,
    /// True if the last place went to one of those.
    pub(super) returned_last: bool,
    pub(super) room: Room,
    pub(super) clients: Clients,
    pub(super) workers: Vec<Worker>,
    /// For each worker there should be, whether the last attempt to start it failed.
    failed: Vec<bool>,
    /// Set at the beginning of a shutdown.
    pub(super) is_refusing: bool,
    /// The running average of executions' durations, in seconds.
    pub(super) pace: f64,
    pub(super) actions: Vec<Action>,
    /// The time of the last call.
    pub(super) last: Option<Instant>,
}

/// The load of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) workers: usize,
    /// In a sandbox, parked or not.
    pub(crate) running: usize,
    pub(crate) parked: usize,
    pub(crate) queued: usize,
    pub(crate) isolation: Vec<String>,
    /// True if there is no worker, and none could be started.
    pub(crate) all_failed: bool,
}

impl Scheduler {
    /// A scheduler without workers.
    pub(crate) fn new(rules: Rules, counters: Arc<Counters>) -> Self {
        Self {
            rules,
            counters,
            queue: FairQueue::new(rules.queue_length, rules.queue_bytes),
            alone: VecDeque::new(),
            reserved: None,
            kept_bytes: 0,
            returning: FairQueue::new(usize::MAX, usize::MAX),
            returned_last: false,
            room: Room::new(&rules),
            clients: Clients::default(),
            workers: Vec::new(),
            failed: vec![false; rules.workers],
            is_refusing: false,
            pace: 0.0,
            actions: Vec::new(),
            last: None,
        }
    }

    /// The actions that are to be done, in order. Nothing of it may be left out.
    pub(crate) fn actions(&mut self) -> impl Iterator<Item = Action> + '_ {
        self.actions.drain(..)
    }

    /// Worker `index` of those there should be is ready.
    pub(crate) fn attach(&mut self, index: usize, worker: Worker, now: Instant) {
        assert!(
            self.worker(worker.key).is_none() && worker.running.is_empty(),
            "a worker is attached once, and with nothing to do"
        );
        self.workers.push(worker);
        if let Some(failed) = self.failed.get_mut(index) {
            *failed = false;
        }
        self.actions.push(Action::Changed);
        self.settle(now);
    }

    /// A worker ended before it was ready.
    pub(crate) fn note_failed_start(&mut self, index: usize) {
        if let Some(failed) = self.failed.get_mut(index) {
            *failed = true;
        }
        self.actions.push(Action::Changed);
    }

    /// Gives a worker nothing more to do, if it has nothing to do and another is ready.
    pub(crate) fn retire(&mut self, worker: u64) -> bool {
        let is_idle = |slot: &Worker| slot.key == worker && slot.running.is_empty();
        let retires = self.workers.len() > 1 && self.workers.iter().any(is_idle);
        if retires {
            self.remove(worker);
        }
        retires
    }

    /// A scheduler in the place of this one, which takes nothing.
    pub(crate) fn after_a_panic(&self) -> Self {
        Self {
            is_refusing: true,
            ..Self::new(self.rules, Arc::clone(&self.counters))
        }
    }

    /// Takes nothing more from here on.
    pub(crate) fn refuse(&mut self) {
        self.is_refusing = true;
    }

    /// Gives away the places there are, and checks the books.
    pub(super) fn settle(&mut self, now: Instant) {
        while self.dispatch(now) {}
        self.check(now);
    }

    pub(super) fn worker(&self, key: u64) -> Option<&Worker> {
        self.workers.iter().find(|worker| worker.key == key)
    }

    pub(super) fn worker_mut(&mut self, key: u64) -> Option<&mut Worker> {
        self.workers.iter_mut().find(|worker| worker.key == key)
    }

    /// Takes a worker off the list.
    pub(super) fn remove(&mut self, key: u64) {
        self.workers.retain(|worker| worker.key != key);
        if self.reserved == Some(key) {
            self.reserved = None;
        }
        self.actions.push(Action::Changed);
    }

    /// The processes of the workers that take programs.
    pub(crate) fn pids(&self) -> Vec<u32> {
        let workers = self.workers.iter().filter(|worker| !worker.is_drained);
        workers.map(|worker| worker.pid).collect()
    }

    /// Sends a frame to some worker that is ready. `None` if there is none.
    pub(crate) fn send_to_any(&mut self, frame: Frame) -> Option<()> {
        let worker = self.workers.first()?.key;
        self.actions.push(Action::Send { worker, frame });
        Some(())
    }

    /// The load of a pool.
    pub(crate) fn load(&self) -> Load {
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
}
