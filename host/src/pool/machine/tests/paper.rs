//! A pool on paper: the time is what the test says, and what the scheduler wants done is written down.

use super::super::action::{Action, Frame};
use super::super::answer::Answer;
use super::super::lie::Lie;
use super::super::losing::Loss;
use super::super::rules::Rules;
use super::super::running::Worker;
use super::super::scheduler::Scheduler;
use super::super::submitting::framed;
use super::super::waiting::Submission;
use super::super::watching::Watched;
use crate::pool::metrics::Counters;
use crate::worker::protocol::Request;
use crate::{Completion, FaultKind, Outcome, Rejection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A scheduler, and all that came of it.
pub(super) struct Paper {
    pub(super) scheduler: Scheduler,
    pub(super) counters: Arc<Counters>,
    pub(super) now: Instant,
    sent: Vec<(u64, Frame)>,
    answers: HashMap<u64, Answer>,
    pub(super) forgotten: Vec<u64>,
    next_id: u64,
}

impl Paper {
    pub(super) fn new(workers: usize, places: usize, change: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = Rules {
            workers,
            places,
            parked_per_worker: 256,
            parked_bytes: 1 << 30,
            queue_length: 1024,
            queue_bytes: 64 << 20,
            patience: Duration::from_secs(30),
            stuck_after: Duration::from_secs(2),
        };
        change(&mut rules);
        let counters = Arc::<Counters>::default();
        let mut paper = Self {
            scheduler: Scheduler::new(rules, Arc::clone(&counters)),
            counters,
            now: Instant::now(),
            sent: Vec::new(),
            answers: HashMap::new(),
            forgotten: Vec::new(),
            next_id: 1,
        };
        for index in 0..workers {
            paper.start(index);
        }
        paper
    }

    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Writes down what is to be done.
    fn write(&mut self) {
        for action in self.scheduler.actions() {
            match action {
                Action::Give { worker, frame, .. } | Action::Send { worker, frame } => {
                    self.sent.push((worker, frame));
                }
                Action::Answer { id, answer } => {
                    let before = self.answers.insert(id, answer);
                    assert!(before.is_none(), "{id} is answered once");
                }
                Action::Forget { id } => self.forgotten.push(id),
                Action::Pause { .. } | Action::Changed => {}
            }
        }
    }

    pub(super) fn start(&mut self, index: usize) -> u64 {
        let key = self.take_id();
        let worker = Worker::new(key, 0, Vec::new());
        self.scheduler.attach(index, worker, self.now);
        self.write();
        key
    }

    /// Asks for an execution, whose program has 8 bytes.
    pub(super) fn submit(&mut self, client: &str) -> Result<u64, Rejection> {
        let id = self.take_id();
        let submission = Submission {
            frame: Arc::new(id.to_le_bytes().to_vec()),
            timeout: Duration::from_secs(30),
            output_bytes: 1 << 20,
            is_heard: true,
        };
        self.scheduler.submit(id, client, submission, self.now)?;
        self.write();
        Ok(id)
    }

    /// The worker that has an execution now.
    pub(super) fn worker_of(&self, id: u64) -> Option<u64> {
        let mut workers = self.scheduler.workers.iter();
        let worker = workers.find(|worker| worker.running.contains_key(&id));
        worker.map(|worker| worker.key)
    }

    pub(super) fn runs(&self, id: u64) -> bool {
        self.worker_of(id).is_some()
    }

    pub(super) fn finish(&mut self, id: u64) {
        let worker = self.worker_of(id).expect("it should run");
        let outcome = Ok(Outcome::bare(Completion::Exited(0)));
        self.scheduler
            .finish(worker, id, outcome, self.now)
            .unwrap();
        self.write();
    }

    pub(super) fn park(&mut self, id: u64, bytes: u64) -> Result<(), Lie> {
        let worker = self.worker_of(id).expect("it should run");
        self.scheduler.park(worker, id, bytes, self.now)?;
        self.write();
        Ok(())
    }

    pub(super) fn wake(&mut self, id: u64) -> Result<(), Lie> {
        let worker = self.worker_of(id).expect("it should run");
        self.scheduler.wake(worker, id, self.now)?;
        self.write();
        Ok(())
    }

    pub(super) fn abandon(&mut self, id: u64) {
        self.scheduler.abandon(id, self.now);
        self.write();
    }

    pub(super) fn expire(&mut self, id: u64) {
        self.scheduler.expire(id, self.now);
        self.write();
    }

    pub(super) fn give_up(&mut self) {
        self.scheduler.give_up(self.now);
        self.write();
    }

    pub(super) fn watch(&mut self, worker: u64) -> Watched {
        let watched = self.scheduler.watch(worker, self.now);
        self.write();
        watched
    }

    pub(super) fn lose(&mut self, worker: u64) -> usize {
        let lost = self.scheduler.lose(worker, Loss::Died, self.now);
        self.write();
        lost
    }

    /// A worker dies, and another takes its place.
    pub(super) fn die(&mut self, worker: u64) -> usize {
        let lost = self.lose(worker);
        self.start(0);
        lost
    }

    /// The number of times that a message was sent to anybody.
    pub(super) fn sent(&self, request: &Request<'_>) -> usize {
        let frame = framed(request);
        self.sent.iter().filter(|(_, sent)| *sent == frame).count()
    }

    /// The number of times that an execution was told to go on.
    pub(super) fn resumed(&self, id: u64) -> usize {
        self.sent(&Request::Resume { id })
    }

    pub(super) fn answer(&mut self, id: u64) -> Option<Answer> {
        self.answers.remove(&id)
    }

    /// The kind of fault that an execution is said to have ended with.
    pub(super) fn fault(&mut self, id: u64) -> Option<FaultKind> {
        match self.answer(id)?.0.ok()?.completion {
            Completion::Fault(fault) => Some(fault.kind),
            _ => None,
        }
    }
}
