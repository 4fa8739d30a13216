//! What the parts of a pool share.

use super::config::PoolConfig;
use super::link::Link;
use super::metrics::Counters;
use super::scheduler::Scheduler;
use belljar_python_runtime::Image;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot, watch};

/// The state of a pool, and its signals.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: PoolConfig,
    pub(super) counters: Counters,
    pub(super) image_directory: String,
    /// Notified when a worker comes or goes, and during a shutdown also when an execution ends.
    pub(super) changed: Notify,
    pub(super) image: Image,
    scheduler: Mutex<PoolScheduler>,
    stop: watch::Sender<bool>,
    pagemap_scan: AtomicBool,
    failure: Mutex<Option<String>>,
    probe: Mutex<Option<oneshot::Sender<Found>>>,
}

/// The scheduler of real workers.
pub(super) type PoolScheduler = Scheduler<Arc<Link>>;

/// What a probe tried, and the number of the error it met, 0 for success.
pub(super) type Found = Vec<(String, i32)>;

impl Shared {
    pub(super) fn new(config: PoolConfig, image: Image, image_directory: String) -> Self {
        Self {
            counters: Counters::default(),
            image_directory,
            changed: Notify::new(),
            image,
            scheduler: Mutex::new(Scheduler::new(&config)),
            stop: watch::Sender::new(false),
            pagemap_scan: AtomicBool::new(false),
            failure: Mutex::default(),
            probe: Mutex::default(),
            config,
        }
    }

    pub(super) fn scheduler(&self) -> MutexGuard<'_, PoolScheduler> {
        lock(&self.scheduler)
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

    /// Waits until `done` is true of the scheduler.
    pub(super) async fn until(&self, done: impl Fn(&PoolScheduler) -> bool) {
        loop {
            let changed = self.changed.notified();
            if done(&self.scheduler()) {
                return;
            }
            changed.await;
        }
    }

    /// Why the last worker that did not get ready did not.
    pub(super) fn last_failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// A worker did not get ready. The reason comes first: whoever is told looks for it.
    pub(super) fn note_failed_start(&self, index: usize, reason: String) {
        *lock(&self.failure) = Some(reason);
        self.scheduler().note_failed_start(index);
        self.changed.notify_waiters();
    }

    pub(super) fn note_pagemap_scan(&self, available: bool) {
        self.pagemap_scan.store(available, Ordering::Relaxed);
    }

    pub(super) fn has_pagemap_scan(&self) -> bool {
        self.pagemap_scan.load(Ordering::Relaxed)
    }

    /// Where the result of the next probe goes.
    pub(super) fn await_probe(&self) -> oneshot::Receiver<Found> {
        let (asker, found) = oneshot::channel();
        *lock(&self.probe) = Some(asker);
        found
    }

    pub(super) fn note_probe(&self, found: Found) {
        if let Some(asker) = lock(&self.probe).take() {
            let _ = asker.send(found);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
