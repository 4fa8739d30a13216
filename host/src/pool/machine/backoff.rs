//! The waits before restarts.

use std::time::Duration;

/// A worker that lived this long is not failing at its start: the next restart is the first again.
const HEALTHY: Duration = Duration::from_secs(10);

/// The waits between restarts of one worker: none, then doubling up to a maximum.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) fn new(first: Duration, max: Duration) -> Self {
        Self {
            first,
            max,
            next: Duration::ZERO,
        }
    }

    /// The wait after a worker that lived for `lived`.
    pub(crate) fn wait(&mut self, lived: Duration) -> Duration {
        if lived >= HEALTHY {
            self.next = Duration::ZERO;
        }
        let wait = self.next;
        self.next = if wait.is_zero() {
            self.first
        } else {
            wait.saturating_mul(2)
        }
        .min(self.max);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_restart_is_immediate_and_later_ones_wait_longer() {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(ms(50), ms(300));
        let waits: Vec<_> = (0..6).map(|_| backoff.wait(ms(1))).collect();
        assert_eq!(waits, [ms(0), ms(50), ms(100), ms(200), ms(300), ms(300)]);
        assert_eq!(backoff.wait(HEALTHY), ms(0));
        assert_eq!(backoff.wait(ms(1)), ms(50));
    }
}
