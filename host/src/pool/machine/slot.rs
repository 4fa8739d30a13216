//! One place among the workers: who is in it, and when the next one comes.

use super::backoff::Backoff;
use super::end::End;
use crate::pool::metrics::Counters;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The lives of workers, one after the other.
#[derive(Debug)]
pub(crate) struct Slot {
    backoff: Backoff,
    born: Instant,
    counters: Arc<Counters>,
}

/// The step after a worker's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next one, at once.
    Start,
    /// The next one, after a wait. There may be none meanwhile.
    StartAfter(Duration),
    /// None.
    Rest,
}

impl Slot {
    /// A place whose workers are started again after waits like these, which begin short and become
    /// longer.
    pub(crate) fn new(waits: (Duration, Duration), now: Instant, counters: Arc<Counters>) -> Self {
        Self {
            backoff: Backoff::new(waits.0, waits.1),
            born: now,
            counters,
        }
    }

    /// A worker is started in it.
    pub(crate) fn start(&mut self, now: Instant) {
        self.born = now;
    }

    /// Its worker still has something to execute, but takes nothing new: another takes over.
    pub(crate) fn left(&mut self) -> Next {
        self.counters.restarts.add(1);
        Next::Start
    }

    /// Its worker has ended.
    pub(crate) fn ended(&mut self, end: &End, now: Instant) -> Next {
        match end {
            End::ShutDown => Next::Rest,
            End::Renewed => Next::Start,
            _ => {
                self.counters.restarts.add(1);
                let lived = now.saturating_duration_since(self.born);
                Next::StartAfter(self.backoff.wait(lived))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_at_its_start_is_started_less_and_less_often() {
        let ms = Duration::from_millis;
        let mut now = Instant::now();
        let counters = Arc::<Counters>::default();
        let mut slot = Slot::new((ms(50), ms(120)), now, Arc::clone(&counters));
        for wait in [0, 50, 100, 120, 120] {
            slot.start(now);
            now += ms(5);
            assert_eq!(slot.ended(&End::Closed, now), Next::StartAfter(ms(wait)));
        }
        slot.start(now);
        now += Duration::from_secs(60);
        assert_eq!(slot.ended(&End::Stuck, now), Next::StartAfter(ms(0)));
        assert_eq!(counters.restarts.get(), 6);
        assert_eq!(slot.ended(&End::Renewed, now), Next::Start);
        assert_eq!(slot.ended(&End::ShutDown, now), Next::Rest);
        assert_eq!(counters.restarts.get(), 6, "those were wanted");
        assert_eq!(slot.left(), Next::Start);
        assert_eq!(counters.restarts.get(), 7);
    }
}
