//! Invariants: statements about the scheduler's books that are always true.
//!
//! A scheduler whose books are wrong could give one client's answer to nobody, or a place twice; and
//! nobody would know why. So what costs little is checked after every call, in production too: whoever
//! drives the scheduler ends the pool when that fails. The rest is counted anew in tests and debug
//! builds.

use super::running::Standing;
use super::scheduler::Scheduler;
use std::collections::HashMap;
use std::time::Instant;

impl Scheduler {
    /// Checks the books, at the end of a call.
    ///
    /// # Panics
    ///
    /// When they are wrong.
    pub(super) fn check(&mut self, now: Instant) {
        let last = self.last.replace(now);
        assert!(last.is_none_or(|last| last <= now), "time goes on");
        for worker in &self.workers {
            assert!(
                worker.places <= self.rules.places,
                "a worker has its places"
            );
            assert!(
                worker.parked <= self.rules.parked_per_worker,
                "a worker parks what it may"
            );
            assert_eq!(
                worker.places + worker.parked,
                worker.running.len(),
                "what is executed has a place or is parked"
            );
        }
        assert!(
            self.room.bytes_now <= self.rules.parked_bytes,
            "what is parked has room"
        );
        assert!(
            self.kept_bytes <= self.rules.queue_bytes,
            "what is kept has room"
        );
        assert!(
            self.reserved.is_none_or(|key| self.worker(key).is_some()),
            "a worker that is reserved is there"
        );
        if cfg!(any(test, debug_assertions)) {
            assert!(self.recount(), "the books are as if counted anew");
        }
    }

    /// Counts anew what is kept in the books as sums.
    fn recount(&self) -> bool {
        #[derive(Default, PartialEq)]
        struct Sum {
            places: usize,
            parked: usize,
            parked_bytes: u64,
            kept_bytes: usize,
        }
        let mut sums: HashMap<&str, Sum> = HashMap::new();
        let mut returning = 0;
        for worker in &self.workers {
            let mut places = 0;
            for running in worker.running.values() {
                let sum = sums.entry(&running.client).or_default();
                sum.kept_bytes += running.frame.as_ref().map_or(0, |frame| frame.len());
                match running.standing {
                    Standing::Runs | Standing::Waits => {
                        places += 1;
                        sum.places += 1;
                    }
                    Standing::Parked(bytes) | Standing::Returns(bytes) => {
                        sum.parked += 1;
                        sum.parked_bytes += bytes;
                        returning += usize::from(running.standing == Standing::Returns(bytes));
                    }
                }
            }
            if places != worker.places {
                return false;
            }
        }
        let all_bytes: u64 = sums.values().map(|sum| sum.parked_bytes).sum();
        let all_kept: usize = sums.values().map(|sum| sum.kept_bytes).sum();
        let are_right = sums.iter().all(|(client, sum)| {
            let holding = self.clients.of(client);
            *sum == Sum {
                places: holding.places,
                parked: holding.parked,
                parked_bytes: holding.parked_bytes,
                kept_bytes: holding.kept_bytes,
            }
        });
        are_right
            && all_bytes == self.room.bytes_now
            && all_kept == self.kept_bytes
            && returning == self.returning.len()
            && self.clients.holders() == sums.len()
    }
}
