//! Stops what runs too long, or is no longer wanted.
//!
//! One thread watches all executions. It sleeps until the earliest deadline, so watching costs
//! running executions nothing; an execution that begins pays for one uncontended lock.

use belljar_engine::{Cause, Interrupt};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

/// Watches executions, and interrupts those whose deadline passes.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    watched: Vec<Option<Watched>>,
    free: Vec<usize>,
    /// When the thread will wake by itself.
    wake_at: Option<Instant>,
    stopping: bool,
}

#[derive(Debug)]
struct Watched {
    deadline: Instant,
    interrupt: Arc<Interrupt>,
}

/// Watches one execution until dropped.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    shared: &'a Shared,
    index: usize,
}

impl Watchdog {
    /// Starts the watching thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("belljar-watchdog".to_owned())
            .spawn(move || of_thread.watch())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Watches an execution until its deadline.
    pub(crate) fn watch(&self, deadline: Instant, interrupt: Arc<Interrupt>) -> Watch<'_> {
        let mut state = self.shared.lock();
        let watched = Some(Watched {
            deadline,
            interrupt,
        });
        let index = match state.free.pop() {
            Some(index) => {
                state.watched[index] = watched;
                index
            }
            None => {
                state.watched.push(watched);
                state.watched.len() - 1
            }
        };
        let earlier = state.wake_at.is_none_or(|wake_at| deadline < wake_at);
        drop(state);
        if earlier {
            self.shared.changed.notify_one();
        }
        Watch {
            shared: &self.shared,
            index,
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does nothing that could panic; and if it did, there is nothing left to watch.
            let _ = thread.join();
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.watched[self.index] = None;
        state.free.push(self.index);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut state = self.lock();
        while !state.stopping {
            let now = Instant::now();
            let mut next: Option<Instant> = None;
            for watched in state.watched.iter().flatten() {
                if watched.deadline <= now {
                    // Once is enough: it stays raised until the run has ended.
                    watched.interrupt.raise(Cause::Timeout);
                } else {
                    let due = watched.deadline;
                    next = Some(next.map_or(due, |next| next.min(due)));
                }
            }
            state.wake_at = next;
            state = match next {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(next) => {
                    let wait = next.saturating_duration_since(now);
                    let waited = self.changed.wait_timeout(state, wait);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
