//! The timer that sends a thread the stop signal.
//!
//! One signal may not be enough: it does nothing where it finds the thread in the host, or on its way
//! there or back. So it is a kernel timer that sends it, again and again until it is stopped: no thread
//! of ours has to keep at it.

use super::signal::{self, SIGNAL};
use std::cell::OnceCell;
use std::time::Duration;
use std::{io, mem, ptr};

/// The time between two signals. A loop that does nothing but call the host is found in its own code one
/// time in six, so that stopping it takes a millisecond. They are only sent while a run is being stopped.
const PERIOD: Duration = Duration::from_micros(200);

/// A thread's timer, for any thread to start and stop. It exists as long as the thread does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timer(libc::timer_t);

// SAFETY: it names a timer of the process, which every thread may set.
unsafe impl Send for Timer {}

/// The timer of the thread it was made on.
struct Owned(Timer);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: it was created, and nobody uses it after the thread's last run.
        unsafe { libc::timer_delete(self.0.0) };
    }
}

/// The timer of this thread, which is made if there is none yet.
pub(super) fn of_this_thread() -> io::Result<Timer> {
    thread_local! {
        static TIMER: OnceCell<Owned> = const { OnceCell::new() };
    }
    TIMER.with(|timer| match timer.get() {
        Some(owned) => Ok(owned.0),
        None => {
            signal::install()?;
            signal::unblock()?;
            let owned = Owned(create()?);
            Ok(timer.get_or_init(|| owned).0)
        }
    })
}

fn create() -> io::Result<Timer> {
    // SAFETY: a structure of numbers and pointers, for which zeroes are valid.
    let mut event: libc::sigevent = unsafe { mem::zeroed() };
    event.sigev_notify = libc::SIGEV_THREAD_ID;
    event.sigev_signo = SIGNAL;
    // SAFETY: takes and changes nothing.
    event.sigev_notify_thread_id = unsafe { libc::gettid() };
    let mut timer: libc::timer_t = ptr::null_mut();
    // SAFETY: both structures outlive the call.
    match unsafe { libc::timer_create(libc::CLOCK_MONOTONIC, &raw mut event, &raw mut timer) } {
        0 => Ok(Timer(timer)),
        _ => Err(io::Error::last_os_error()),
    }
}

impl Timer {
    /// Sends the thread the signal, at once and then once in every [`PERIOD`].
    pub(super) fn start(self) {
        self.set(Duration::from_nanos(1), PERIOD);
    }

    /// Sends no more signals; one may still be on its way.
    pub(super) fn stop(self) {
        self.set(Duration::ZERO, Duration::ZERO);
    }

    fn set(self, first: Duration, period: Duration) {
        let timespec = |duration: Duration| libc::timespec {
            tv_sec: 0,
            tv_nsec: duration.subsec_nanos().into(),
        };
        let times = libc::itimerspec {
            it_value: timespec(first),
            it_interval: timespec(period),
        };
        // SAFETY: the timer exists, and the structure outlives the call. With such a timer and such
        // times it cannot fail.
        unsafe { libc::timer_settime(self.0, 0, &raw const times, ptr::null_mut()) };
    }
}
