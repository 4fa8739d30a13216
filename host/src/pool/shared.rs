//! The state that the parts of a pool share.

use super::config::PoolConfig;
use super::driver::Driver;
use super::machine::Rules;
use super::metrics::Counters;
use belljar_python_runtime::Image;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The state of a pool.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: PoolConfig,
    pub(super) counters: Arc<Counters>,
    pub(super) image_directory: String,
    pub(super) image: Image,
    pub(super) driver: Driver,
    pagemap_scan: AtomicBool,
    failure: Mutex<Option<String>>,
    probe: Mutex<Option<oneshot::Sender<Found>>>,
}

/// The attempts of a probe, and the number of the error it met, 0 for success.
pub(super) type Found = Vec<(String, i32)>;

impl Shared {
    pub(super) fn new(config: PoolConfig, image: Image, image_directory: String) -> Self {
        let counters = Arc::<Counters>::default();
        let rules = Rules {
            workers: config.workers as usize,
            places: config.sandboxes_per_worker as usize,
            parked_per_worker: config.parked_per_worker as usize,
            parked_bytes: config.parked_bytes,
            queue_length: config.queue_length,
            queue_bytes: config.queue_bytes,
            patience: config.queue_timeout,
            stuck_after: config.stuck_after,
        };
        Self {
            driver: Driver::new(rules, Arc::clone(&counters)),
            counters,
            image_directory,
            image,
            pagemap_scan: AtomicBool::new(false),
            failure: Mutex::default(),
            probe: Mutex::default(),
            config,
        }
    }

    /// The reason for which the last worker that did not get ready did not.
    pub(super) fn last_failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// A worker did not get ready. The reason comes first: whoever is told looks for it.
    pub(super) fn note_failed_start(&self, index: usize, reason: String) {
        *lock(&self.failure) = Some(reason);
        self.driver
            .drive(|driven, _| driven.scheduler.note_failed_start(index));
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
