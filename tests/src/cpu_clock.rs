//! The time that a thread had a processor.

use std::time::Duration;

/// The clock of one thread, which any thread can read while that one lives.
#[derive(Debug, Clone, Copy)]
pub struct CpuClock(libc::clockid_t);

impl CpuClock {
    /// The clock of the thread that calls.
    pub fn of_this_thread() -> Self {
        let mut clock = 0;
        // SAFETY: the thread is there, and the clock is written to a place that is.
        let result = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &mut clock) };
        assert_eq!(result, 0, "no clock");
        Self(clock)
    }

    /// The time that it shows.
    pub fn now(&self) -> Duration {
        let mut time = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: the time is written to a place that is there.
        let result = unsafe { libc::clock_gettime(self.0, &mut time) };
        assert_eq!(result, 0, "the thread is gone");
        Duration::new(
            time.tv_sec.unsigned_abs(),
            time.tv_nsec.unsigned_abs() as u32,
        )
    }
}
