//! Deaths of workers.

use super::dice::Dice;
use belljar_tests::http::Server;
use std::process::Command;
use std::time::{Duration, Instant};

/// The dice of no other actor.
const ACTOR: u64 = u64::MAX;

/// Kills a worker now and then.
#[derive(Debug)]
pub(super) struct Killer {
    dice: Dice,
    mean_seconds: f64,
    next: Instant,
    killed: u64,
}

impl Killer {
    pub(super) fn new(seed: u64, mean_seconds: f64) -> Self {
        let mut killer = Self {
            dice: Dice::new(seed, ACTOR),
            mean_seconds,
            next: Instant::now(),
            killed: 0,
        };
        killer.postpone();
        killer
    }

    /// Kills one, if it is time.
    pub(super) fn act(&mut self, server: &Server) {
        if self.mean_seconds <= 0.0 || Instant::now() < self.next {
            return;
        }
        self.postpone();
        // None while all of them are being replaced.
        let workers = server.workers_now();
        if workers.is_empty() {
            return;
        }
        let victim = workers[self.dice.below(workers.len())];
        let status = Command::new("kill")
            .args(["-KILL", &victim.to_string()])
            .status();
        // It may have ended by itself.
        self.killed += u64::from(status.is_ok_and(|status| status.success()));
    }

    pub(super) fn killed(&self) -> u64 {
        self.killed
    }

    fn postpone(&mut self) {
        let seconds = self.mean_seconds.max(0.0) * 2.0 * self.dice.share();
        self.next = Instant::now() + Duration::from_secs_f64(seconds);
    }
}
