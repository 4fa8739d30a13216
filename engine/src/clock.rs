//! The clocks a guest sees.

use crate::Cause;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where every monotonic clock starts, so that a restored snapshot never sees it run backwards:
/// preparation takes a few virtual seconds, this is far above.
const MONOTONIC_START: Duration = Duration::from_secs(100_000);

/// The first instant of a virtual clock: 2026-01-01T00:00:00Z.
const VIRTUAL_EPOCH: Duration = Duration::from_secs(1_767_225_600);

/// What one look at a virtual clock adds to it, so that loops that wait for time to pass end.
const VIRTUAL_STEP: Duration = Duration::from_micros(1);

/// The time as the guest sees it: real, or virtual and the same on every run.
#[derive(Debug)]
pub enum Clock {
    /// The host's clocks; monotonic time counts from the start of the run.
    Real {
        /// The start of the run.
        start: Instant,
    },
    /// Time that moves only when it is looked at or slept through.
    Virtual {
        /// Virtual time since the start of the run.
        elapsed: Duration,
        /// After how much virtual time the run counts as late.
        deadline: Duration,
    },
}

impl Clock {
    /// The host's clocks, from now.
    pub fn real() -> Self {
        Self::Real {
            start: Instant::now(),
        }
    }

    /// A virtual clock on which the run may spend `deadline`.
    pub fn virtual_until(deadline: Duration) -> Self {
        Self::Virtual {
            elapsed: Duration::ZERO,
            deadline,
        }
    }

    /// Nanoseconds since the Unix epoch.
    pub(crate) fn realtime_ns(&mut self) -> u64 {
        let time = match self {
            Self::Real { .. } => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            Self::Virtual { .. } => VIRTUAL_EPOCH + self.tick(),
        };
        saturating_ns(time)
    }

    /// Nanoseconds on a clock that never goes back.
    pub(crate) fn monotonic_ns(&mut self) -> u64 {
        saturating_ns(MONOTONIC_START + self.tick())
    }

    fn tick(&mut self) -> Duration {
        match self {
            Self::Real { start } => start.elapsed(),
            Self::Virtual { elapsed, .. } => {
                *elapsed = elapsed.saturating_add(VIRTUAL_STEP);
                *elapsed
            }
        }
    }

    /// Lets virtual time pass without waiting. `None` for a real clock, on which one must wait.
    pub(crate) fn pass_virtually(&mut self, duration: Duration) -> Option<Result<(), Cause>> {
        let Self::Virtual { elapsed, deadline } = self else {
            return None;
        };
        *elapsed = elapsed.saturating_add(duration);
        Some(if *elapsed > *deadline {
            Err(Cause::Timeout)
        } else {
            Ok(())
        })
    }
}

fn saturating_ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_is_the_same_on_every_run_and_ends_at_its_deadline() {
        let look = || {
            let mut clock = Clock::virtual_until(Duration::from_secs(1));
            let first = (clock.realtime_ns(), clock.monotonic_ns());
            let slept = clock.pass_virtually(Duration::from_millis(900));
            (
                first,
                slept,
                clock.pass_virtually(Duration::from_millis(200)),
            )
        };
        assert_eq!(look(), look());
        let (_, slept, late) = look();
        assert_eq!(slept, Some(Ok(())));
        assert_eq!(late, Some(Err(Cause::Timeout)));
    }

    #[test]
    fn a_real_clock_does_not_jump() {
        assert_eq!(Clock::real().pass_virtually(Duration::from_secs(1)), None);
    }
}
