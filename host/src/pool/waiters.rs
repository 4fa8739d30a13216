//! The waiters for executions, and the connections to workers: the scheduler's actions are done with
//! them.

use super::link::Link;
use super::machine::{Action, Answer};
use crate::EventSender;
use crate::worker::frame;
use crate::worker::protocol::Request;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Those who are to be told something, by the numbers that the scheduler knows.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    waiting: HashMap<u64, Waiter>,
    /// The workers that are ready: a few.
    links: Vec<(u64, Arc<Link>)>,
}

/// A waiter for an execution.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) answer: oneshot::Sender<Answer>,
    pub(super) events: Option<EventSender>,
}

/// The links that something was pushed to, each once.
#[derive(Debug, Default)]
pub(super) struct Pushed {
    first: Option<Arc<Link>>,
    others: Vec<Arc<Link>>,
}

impl Waiters {
    /// Somebody waits for an execution from here on.
    pub(super) fn add(&mut self, id: u64, waiter: Waiter) {
        let before = self.waiting.insert(id, waiter);
        assert!(before.is_none(), "an execution is waited for once");
    }

    /// A worker can be sent something from here on.
    pub(super) fn connect(&mut self, worker: u64, link: Arc<Link>) {
        self.links.push((worker, link));
    }

    /// A worker can be sent nothing any more.
    pub(super) fn disconnect(&mut self, worker: u64) {
        self.links.retain(|(key, _)| *key != worker);
    }

    /// The connection to a worker.
    pub(super) fn link(&self, worker: u64) -> Option<&Arc<Link>> {
        let found = self.links.iter().find(|(key, _)| *key == worker);
        found.map(|(_, link)| link)
    }

    /// The listener to an execution.
    pub(super) fn listener(&self, id: u64) -> Option<EventSender> {
        self.waiting.get(&id)?.events.clone()
    }

    /// Does one thing that the scheduler wants done. Whether somebody who waits for workers, or for the
    /// end of a shutdown, is to look again.
    pub(super) fn perform(&mut self, action: Action, pushed: &mut Pushed) -> bool {
        match action {
            Action::Give {
                worker,
                id,
                frame,
                is_anew,
            } => {
                let Some(link) = self.link(worker) else {
                    return false;
                };
                link.push(&frame);
                pushed.add(link);
                let waiter = self.waiting.get(&id);
                if let Some(events) = waiter.and_then(|waiter| waiter.events.as_ref()) {
                    let read = tell_of_reading(Arc::clone(link), id);
                    match is_anew {
                        true => events.begin_anew(read),
                        false => events.begin(read),
                    }
                }
            }
            Action::Send { worker, frame } => {
                if let Some(link) = self.link(worker) {
                    link.push(&frame);
                    pushed.add(link);
                }
            }
            Action::Answer { id, answer } => {
                let waiter = self.waiting.remove(&id);
                assert!(waiter.is_some(), "an execution is answered once");
                if let Some(waiter) = waiter {
                    if let Some(events) = &waiter.events {
                        events.end();
                    }
                    // Fails if nobody waits any more.
                    let _ = waiter.answer.send(answer);
                }
            }
            Action::Pause { id } => {
                let waiter = self.waiting.get(&id);
                if let Some(events) = waiter.and_then(|waiter| waiter.events.as_ref()) {
                    events.end();
                }
            }
            Action::Forget { id } => {
                self.waiting.remove(&id);
            }
            Action::Changed => return true,
        }
        false
    }
}

/// Tells a worker how much was read of what an execution gave.
fn tell_of_reading(link: Arc<Link>, id: u64) -> impl Fn(usize) + Send + Sync {
    move |bytes| {
        // Two numbers always have a form.
        link.push(&frame::encode(&Request::Read { id, bytes }).unwrap_or_default());
        link.flush();
    }
}

impl Pushed {
    fn add(&mut self, link: &Arc<Link>) {
        match &self.first {
            None => self.first = Some(Arc::clone(link)),
            Some(first) => {
                let mut links = std::iter::once(first).chain(&self.others);
                if !links.any(|other| Arc::ptr_eq(other, link)) {
                    self.others.push(Arc::clone(link));
                }
            }
        }
    }

    /// Sends what was pushed.
    pub(super) fn flush(self) {
        for link in self.first.iter().chain(&self.others) {
            link.flush();
        }
    }
}
