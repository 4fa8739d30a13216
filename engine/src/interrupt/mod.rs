//! Stopping a run from another thread.
//!
//! Nothing that runs has to look out for it: the thread is sent a signal, again and again until it
//! is found in code of the module, and continues at an instruction that traps. For Wasmtime, and for
//! everybody after it, the run has trapped. So code that nobody wants to stop pays nothing for that
//! it can be.
//!
//! | what | where |
//! |---|---|
//! | who is stopped, and why | here |
//! | which addresses are a module's, and which of them traps | [`code`] |
//! | the signal's handler, which sends the thread there | [`signal`] |
//! | the timer that sends the signal | [`timer`] |
//! | who learns that a run waits, and says when it may go on | [`desk`] |
//!
//! A loop that keeps the engine busy, by moving memory or by throwing, may hardly ever be found in
//! code of the module. At such instructions, and only there, the module's checks look at the
//! [floor](belljar_meter::host) under its fuel, which is raised as well.

mod code;
mod desk;
mod signal;
mod timer;

pub use code::Code;
pub use desk::Desk;

use crate::meter::Floor;
use crate::{Cause, Meter};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use timer::Timer;
use wasmtime::{AsContext, AsContextMut, StoreContextMut};

/// Stops a run when it is raised.
///
/// Running code is stopped by signals and by the floor; a run that sleeps in the host is woken by the
/// condition variable. The first cause wins.
#[derive(Debug, Default)]
pub struct Interrupt {
    cause: AtomicU8,
    /// The run that can be stopped, if there is one. It is reached with the lock held, so that it
    /// is not taken down in the meantime.
    running: Mutex<Option<Running>>,
    wake: Condvar,
    /// The desk that has to be asked before a run that waited goes on. Nobody, unless one is given.
    desk: OnceLock<Box<dyn Desk>>,
    /// `true` once the desk has let the run go on.
    called: AtomicBool,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    timer: Timer,
    floor: Option<Floor>,
}

impl Running {
    /// # Safety
    ///
    /// The instance with this floor must still exist.
    unsafe fn stop(self) {
        if let Some(floor) = self.floor {
            // SAFETY: it exists, says the caller.
            unsafe { floor.raise() };
        }
        self.timer.start();
    }
}

/// While it lives, raising the interrupt reaches the thread.
#[derive(Debug)]
struct Reachable<'a>(&'a Interrupt);

impl Drop for Reachable<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.0.lock().take()
            && self.0.raised().is_some()
        {
            running.timer.stop();
        }
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
        if let Some(running) = *running {
            // SAFETY: the instance exists as long as it is noted here, and the lock is held.
            unsafe { running.stop() };
        }
        drop(running);
        self.wake.notify_all();
    }

    /// Calls `run`, and ends what it executes of `code` by a trap once the interrupt is raised. The
    /// meter is that of the instance it executes.
    ///
    /// # Errors
    ///
    /// When the kernel has no timer for this thread.
    pub fn run<T: 'static, R>(
        &self,
        code: &Code,
        meter: &Meter,
        mut store: StoreContextMut<'_, T>,
        run: impl FnOnce(StoreContextMut<'_, T>) -> R,
    ) -> io::Result<R> {
        let timer = timer::of_this_thread()?;
        let floor = meter.floor(store.as_context());
        let reached = Running { timer, floor };
        let mut running = self.lock();
        if self.raised().is_some() {
            // SAFETY: the store is there, and with it the instance.
            unsafe { reached.stop() };
        }
        *running = Some(reached);
        drop(running);
        // Dropped before this function returns, also by a panic; the store is borrowed until then,
        // and keeps the instance.
        let _reachable = Reachable(self);
        Ok(signal::divert_when(&self.cause, code, || {
            run(store.as_context_mut())
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
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

    /// Sleeps for `duration`, or until the run is interrupted. A sleep of some length is
    /// [waiting](Self::wait); `memory_bytes` is the size of the sandbox's memory.
    ///
    /// # Errors
    ///
    /// The cause of the interruption.
    pub fn sleep(&self, duration: Duration, memory_bytes: usize) -> Result<(), Cause> {
        if duration < desk::WORTH_LEAVING {
            self.sleep_here(duration);
            return self.raised().map_or(Ok(()), Err);
        }
        self.wait(memory_bytes, || self.sleep_here(duration))
    }

    /// Calls `wait`, which waits for something other than the processor, and leaves the run's place
    /// to others meanwhile, if there is a [`Desk`]. `wait` ends early when the run is interrupted,
    /// as well as it can.
    ///
    /// # Errors
    ///
    /// The cause of the interruption.
    pub fn wait<R>(&self, memory_bytes: usize, wait: impl FnOnce() -> R) -> Result<R, Cause> {
        let Some(desk) = self.desk.get() else {
            let waited = wait();
            return self.raised().map_or(Ok(waited), Err);
        };
        self.called.store(false, Ordering::Relaxed);
        desk.leave(memory_bytes);
        let waited = wait();
        if let Some(cause) = self.raised() {
            // It ends here, and needs no place for that.
            return Err(cause);
        }
        desk.ask();
        let guard = self
            .wake
            .wait_while(self.lock(), |_| {
                !self.called.load(Ordering::Relaxed) && self.raised().is_none()
            })
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
        self.raised().map_or(Ok(waited), Err)
    }

    /// Has whoever wants to wait leave its place at this desk. Only the first one counts.
    pub fn set_desk(&self, desk: Box<dyn Desk>) {
        let _ = self.desk.set(desk);
    }

    /// Lets a run go on that [asked](Desk::ask).
    pub fn call(&self) {
        let guard = self.lock();
        self.called.store(true, Ordering::Relaxed);
        drop(guard);
        self.wake.notify_all();
    }

    fn sleep_here(&self, duration: Duration) {
        let (guard, _) = self
            .wake
            .wait_timeout_while(self.lock(), duration, |_| self.raised().is_none())
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
    }

    /// Waits until something is done, or until the run is interrupted. Whoever does it says so with
    /// [`look`](Self::look). What takes some time is [waiting](Self::wait).
    ///
    /// # Errors
    ///
    /// The cause of the interruption, when that came first.
    pub fn wait_until(&self, is_done: impl Fn() -> bool) -> Result<(), Cause> {
        let waits = || self.raised().is_none() && !is_done();
        let (guard, _) = self
            .wake
            .wait_timeout_while(self.lock(), desk::WORTH_LEAVING, |_| waits())
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
        if waits() {
            // What the run holds is not known here beyond the pages that it wrote, which its desk counts.
            self.wait(0, || {
                let guard = self.wake.wait_while(self.lock(), |_| waits());
                drop(guard.unwrap_or_else(PoisonError::into_inner));
            })?;
        }
        match self.raised() {
            Some(cause) if !is_done() => Err(cause),
            _ => Ok(()),
        }
    }

    /// Has a run that [waits](Self::wait_until) look whether that is done.
    pub fn look(&self) {
        // With the lock, so that it is not between looking and waiting.
        drop(self.lock());
        self.wake.notify_all();
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
    fn who_waits_is_woken_by_what_it_waits_for_and_by_an_interruption() {
        let interrupt = Arc::new(Interrupt::default());
        let done = Arc::new(AtomicU8::new(0));
        let wait_for = |count| {
            let (interrupt, done) = (Arc::clone(&interrupt), Arc::clone(&done));
            std::thread::spawn(move || {
                interrupt.wait_until(|| done.load(Ordering::Relaxed) >= count)
            })
        };
        let (first, second) = (wait_for(1), wait_for(2));
        done.store(1, Ordering::Relaxed);
        interrupt.look();
        assert_eq!(first.join().unwrap(), Ok(()));
        interrupt.raise(Cause::Cancelled);
        assert_eq!(second.join().unwrap(), Err(Cause::Cancelled));
    }

    #[test]
    fn a_sleeper_is_woken() {
        let interrupt = Arc::new(Interrupt::default());
        let other = Arc::clone(&interrupt);
        let sleeper = std::thread::spawn(move || {
            let start = Instant::now();
            (other.sleep(Duration::from_secs(60), 0), start.elapsed())
        });
        std::thread::sleep(Duration::from_millis(20));
        interrupt.raise(Cause::Timeout);
        let (outcome, slept) = sleeper.join().unwrap();
        assert_eq!(outcome, Err(Cause::Timeout));
        assert!(slept < Duration::from_secs(30), "slept {slept:?}");
    }

    /// Notes what it is told, and answers by itself if it is to.
    #[derive(Debug)]
    struct Notes(std::sync::mpsc::Sender<&'static str>);

    impl Desk for Notes {
        fn leave(&self, _: usize) {
            self.0.send("leaves").unwrap();
        }

        fn ask(&self) {
            self.0.send("asks").unwrap();
        }
    }

    fn at_desk() -> (Arc<Interrupt>, std::sync::mpsc::Receiver<&'static str>) {
        let (sender, notes) = std::sync::mpsc::channel();
        let interrupt = Arc::new(Interrupt::default());
        interrupt.set_desk(Box::new(Notes(sender)));
        (interrupt, notes)
    }

    #[test]
    fn who_waited_goes_on_when_called() {
        let (interrupt, notes) = at_desk();
        let other = Arc::clone(&interrupt);
        let sleeper = std::thread::spawn(move || {
            let long = other.sleep(desk::WORTH_LEAVING, 0);
            (long, other.sleep(desk::WORTH_LEAVING / 2, 0))
        });
        assert_eq!(notes.recv(), Ok("leaves"));
        assert_eq!(notes.recv(), Ok("asks"));
        assert!(!sleeper.is_finished());
        interrupt.call();
        assert_eq!(sleeper.join().unwrap(), (Ok(()), Ok(())));
        assert!(notes.try_recv().is_err(), "a short sleep keeps its place");
    }

    #[test]
    fn who_is_interrupted_ends_wherever_it_waits() {
        let (interrupt, notes) = at_desk();
        let other = Arc::clone(&interrupt);
        let sleeper = std::thread::spawn(move || other.sleep(desk::WORTH_LEAVING, 0));
        while notes.recv() != Ok("asks") {}
        interrupt.raise(Cause::Timeout);
        assert_eq!(sleeper.join().unwrap(), Err(Cause::Timeout));

        let (interrupt, notes) = at_desk();
        let other = Arc::clone(&interrupt);
        let sleeper = std::thread::spawn(move || other.sleep(Duration::from_secs(60), 0));
        assert_eq!(notes.recv(), Ok("leaves"));
        interrupt.raise(Cause::Cancelled);
        assert_eq!(sleeper.join().unwrap(), Err(Cause::Cancelled));
        assert!(notes.try_recv().is_err(), "it ends without asking");
    }
}
