//! The places for sandboxes, for which executions wait.

use belljar_engine::Interrupt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The places for sandboxes of one image.
#[derive(Debug)]
pub(crate) struct Places {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Places that can be taken.
    free: u32,
    /// Executions that wait for one.
    wanted: u32,
}

/// A place for one sandbox, given back when dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Places>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.free += 1;
        self.0.call_next(&state);
    }
}

impl Places {
    /// So many places, all of them free.
    pub(super) fn new(count: u32) -> Arc<Self> {
        let state = State {
            free: count,
            wanted: 0,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            freed: Condvar::new(),
        })
    }

    /// Makes executions that wait for their place notice that they were interrupted.
    pub(crate) fn wake_waiters(&self) {
        // With the lock, so that no one is between looking and waiting.
        drop(self.state());
        self.freed.notify_all();
    }

    /// Waits until fewer sandboxes are in use than there are places; `None` if the execution is
    /// cancelled before.
    pub(super) fn wait(self: &Arc<Self>, interrupt: &Interrupt) -> Option<Place> {
        let mut state = self.state();
        if state.free == 0 {
            state.wanted += 1;
            state = self
                .freed
                .wait_while(state, |state| {
                    state.free == 0 && interrupt.raised().is_none()
                })
                .unwrap_or_else(PoisonError::into_inner);
            state.wanted -= 1;
        }
        if interrupt.raised().is_some() {
            // The place that it was woken for, if it was, is another's.
            self.call_next(&state);
            return None;
        }
        state.free -= 1;
        Some(Place(Arc::clone(self)))
    }

    /// Wakes one that waits, if there is something to wait for no longer. Where nobody waits, which is
    /// nearly always, that is no system call.
    fn call_next(&self, state: &State) {
        if state.free > 0 && state.wanted > 0 {
            self.freed.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use belljar_engine::Cause;
    use std::thread;
    use std::time::Duration;

    /// Long enough for a thread to be waiting.
    const A_WHILE: Duration = Duration::from_millis(20);

    #[test]
    fn a_place_that_is_given_back_is_the_next_ones() {
        let places = Places::new(1);
        let first = places.wait(&Interrupt::default()).expect("it is free");
        let waiting = {
            let places = Arc::clone(&places);
            thread::spawn(move || places.wait(&Interrupt::default()).is_some())
        };
        thread::sleep(A_WHILE);
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.join().unwrap());
        assert_eq!(places.state().free, 1);
    }

    #[test]
    fn who_is_cancelled_while_waiting_takes_no_place() {
        let places = Places::new(1);
        let held = places.wait(&Interrupt::default()).expect("it is free");
        let interrupt = Arc::new(Interrupt::default());
        let waiting = {
            let (places, interrupt) = (Arc::clone(&places), Arc::clone(&interrupt));
            thread::spawn(move || places.wait(&interrupt).is_none())
        };
        thread::sleep(A_WHILE);
        interrupt.raise(Cause::Cancelled);
        places.wake_waiters();
        assert!(waiting.join().unwrap());
        assert!(places.wait(&interrupt).is_none(), "nor does it later");
        drop(held);
        assert_eq!(places.state().free, 1);
    }
}
