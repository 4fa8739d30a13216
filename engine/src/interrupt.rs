//! Stopping a run from another thread.

use crate::meter::Floor;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Why a run was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// Its wall-clock deadline passed.
    Timeout = 1,
    /// Whoever asked for the answer no longer wants it.
    Cancelled = 2,
}

/// A flag that one thread raises and the thread of a run sees at its next check.
///
/// Running code is stopped by raising the floor under its fuel; a run that sleeps in the host is
/// woken by the condition variable. The first cause wins.
#[derive(Debug, Default)]
pub struct Interrupt {
    cause: AtomicU8,
    /// The instance that runs, if one does. It is reached with the lock held, so that it is not
    /// taken down in the meantime.
    running: Mutex<Option<Floor>>,
    wake: Condvar,
}

/// While it lives, raising the interrupt reaches the code of the instance.
#[derive(Debug)]
pub(crate) struct Reachable<'a>(&'a Interrupt);

impl Drop for Reachable<'_> {
    fn drop(&mut self) {
        *self.0.lock() = None;
    }
}

impl Interrupt {
    /// Asks the run to stop. Later causes do not replace the first.
    pub fn raise(&self, cause: Cause) {
        // Taking the lock orders the store against a sleeper that has checked and not yet waited.
        let running = self.lock();
        let _ = self
            .cause
            .compare_exchange(0, cause as u8, Ordering::Release, Ordering::Relaxed);
        if let Some(floor) = &*running {
            // SAFETY: the instance exists as long as its floor is here, and the lock is held.
            unsafe { floor.raise() };
        }
        drop(running);
        self.wake.notify_all();
    }

    /// Makes the code of an instance reachable until the answer is dropped, which has to be before
    /// the instance is.
    pub(crate) fn reach(&self, floor: Floor) -> Reachable<'_> {
        let mut running = self.lock();
        if self.raised().is_some() {
            // SAFETY: the caller keeps the instance for at least as long as this call.
            unsafe { floor.raise() };
        }
        *running = Some(floor);
        drop(running);
        Reachable(self)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Floor>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cause, if the run was asked to stop.
    pub fn raised(&self) -> Option<Cause> {
        match self.cause.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Cause::Timeout),
            _ => Some(Cause::Cancelled),
        }
    }

    /// Sleeps for `duration`, or until the run is interrupted.
    ///
    /// # Errors
    ///
    /// The cause of the interruption.
    pub fn sleep(&self, duration: Duration) -> Result<(), Cause> {
        let (guard, _) = self
            .wake
            .wait_timeout_while(self.lock(), duration, |_| self.raised().is_none())
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
        self.raised().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Instant;

    #[test]
    fn the_first_cause_wins() {
        let interrupt = Interrupt::default();
        interrupt.raise(Cause::Cancelled);
        interrupt.raise(Cause::Timeout);
        assert_eq!(interrupt.raised(), Some(Cause::Cancelled));
    }

    #[test]
    fn a_sleeper_is_woken() {
        let interrupt = Arc::new(Interrupt::default());
        let other = Arc::clone(&interrupt);
        let sleeper = std::thread::spawn(move || {
            let start = Instant::now();
            (other.sleep(Duration::from_secs(60)), start.elapsed())
        });
        std::thread::sleep(Duration::from_millis(20));
        interrupt.raise(Cause::Timeout);
        let (outcome, slept) = sleeper.join().unwrap();
        assert_eq!(outcome, Err(Cause::Timeout));
        assert!(slept < Duration::from_secs(30), "slept {slept:?}");
    }
}
