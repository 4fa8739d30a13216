//! Drives the scheduler: one caller at a time, and what it wants done is done before the next.

use super::machine::{Rules, Scheduler};
use super::metrics::Counters;
use super::waiters::{Pushed, Waiters};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{Notify, watch};

/// The scheduler of a pool, and the signals that come of it.
#[derive(Debug)]
pub(super) struct Driver {
    driven: Mutex<Driven>,
    /// Notified when a worker comes or goes, and during a shutdown also when an execution ends.
    changed: Notify,
    next_id: AtomicU64,
    stop: watch::Sender<bool>,
}

/// The scheduler, and those who are told what it wants done.
#[derive(Debug)]
pub(super) struct Driven {
    pub(super) scheduler: Scheduler,
    pub(super) waiters: Waiters,
}

impl Driver {
    pub(super) fn new(rules: Rules, counters: Arc<Counters>) -> Self {
        Self {
            driven: Mutex::new(Driven {
                scheduler: Scheduler::new(rules, counters),
                waiters: Waiters::default(),
            }),
            changed: Notify::new(),
            next_id: AtomicU64::new(1),
            stop: watch::Sender::new(false),
        }
    }

    /// A number that no other execution of this pool has, and no other worker.
    pub(super) fn take_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Has the scheduler take note of something, and does what it then wants done.
    ///
    /// # Panics
    ///
    /// When the scheduler's books are wrong. Nobody can rely on it then: the pool ends, and all who wait
    /// for an answer are told so.
    pub(super) fn drive<R>(&self, event: impl FnOnce(&mut Driven, Instant) -> R) -> R {
        let fuse = Fuse(self);
        let mut driven = self.lock();
        // Read while it is locked: for the scheduler time only goes on.
        let result = event(&mut driven, Instant::now());
        let Driven { scheduler, waiters } = &mut *driven;
        let mut pushed = Pushed::default();
        let mut is_changed = false;
        for action in scheduler.actions() {
            is_changed |= waiters.perform(action, &mut pushed);
        }
        drop(driven);
        mem::forget(fuse);
        pushed.flush();
        if is_changed {
            self.changed.notify_waiters();
        }
        result
    }

    /// Looks at the scheduler.
    pub(super) fn look<R>(&self, look: impl FnOnce(&Scheduler) -> R) -> R {
        look(&self.lock().scheduler)
    }

    fn lock(&self) -> MutexGuard<'_, Driven> {
        // After a panic there are no workers and nobody waits: see `Fuse`.
        self.driven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `done` is true of the scheduler.
    pub(super) async fn until(&self, done: impl Fn(&Scheduler) -> bool) {
        loop {
            let changed = self.changed.notified();
            if self.look(&done) {
                return;
            }
            changed.await;
        }
    }

    /// Waits for the end of the pool.
    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // An error means that there is no sender: there is, it is ours.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// Ends the pool.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }
}

/// Ends the pool when it is dropped, which only the scheduler's panic does: who waits is told, workers
/// are killed, and nothing is taken any more.
struct Fuse<'a>(&'a Driver);

impl Drop for Fuse<'_> {
    fn drop(&mut self) {
        tracing::error!("the scheduler's books are wrong: the pool ends");
        let mut driven = self.0.lock();
        driven.scheduler = driven.scheduler.after_a_panic();
        driven.waiters = Waiters::default();
        drop(driven);
        self.0.stop();
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::super::machine::{Answer, Place, Submission};
    use super::super::waiters::Waiter;
    use super::*;
    use crate::Rejection;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    fn submit(driver: &Driver) -> (Result<Place, Rejection>, oneshot::Receiver<Answer>) {
        let id = driver.take_id();
        let submission = Submission {
            frame: Arc::new(vec![1; 8]),
            timeout: Duration::from_secs(1),
            output_bytes: 1,
            is_heard: false,
        };
        let (sender, answer) = oneshot::channel();
        let waiter = Waiter {
            answer: sender,
            events: None,
        };
        let place = driver.drive(|driven, now| {
            let place = driven.scheduler.submit(id, "client", submission, now)?;
            driven.waiters.add(id, waiter);
            Ok(place)
        });
        (place, answer)
    }

    #[tokio::test]
    async fn when_the_books_are_wrong_the_pool_ends_and_nobody_waits_for_ever() {
        let rules = Rules {
            workers: 1,
            places: 1,
            parked_per_worker: 1,
            parked_bytes: 1,
            queue_length: 10,
            queue_bytes: 1_000,
            patience: Duration::from_secs(1),
            stuck_after: Duration::from_secs(1),
        };
        let driver = Driver::new(rules, Arc::default());
        let (place, answer) = submit(&driver);
        assert_eq!(place, Ok(Place::Queued));
        let wrong = || driver.drive::<()>(|_, _| panic!("the books are wrong"));
        assert!(catch_unwind(AssertUnwindSafe(wrong)).is_err());
        let patience = Duration::from_secs(10);
        timeout(patience, answer).await.unwrap().unwrap_err();
        timeout(patience, driver.stopped()).await.unwrap();
        let (place, _) = submit(&driver);
        assert!(matches!(place, Err(Rejection::Unavailable(_))), "{place:?}");
    }
}
