//! The clock by which fronts that compute give way.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use wasmtime::Engine;

/// The time after which a front that computes lets others have its thread.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// Advances an engine's epoch until dropped.
#[derive(Debug)]
pub(super) struct Ticker(Arc<AtomicBool>);

impl Ticker {
    pub(super) fn start(engine: Engine) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        // A thread of its own: the event loop's may all be busy with fronts that don't give way.
        thread::Builder::new()
            .name("front-ticker".to_owned())
            .spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    thread::sleep(TICK);
                    engine.increment_epoch();
                }
            })?;
        Ok(Self(stop))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
