//! The nature of a simulated world: how many there are of whom, and what they are like.

use super::random::Random;
use super::script::Habits;
use crate::pool::machine::Rules;
use std::time::Duration;

/// The things that a seed decides at the beginning.
#[derive(Debug, Clone)]
pub(super) struct Nature {
    pub(super) rules: Rules,
    pub(super) habits: Habits,
    pub(super) clients: Vec<Kind>,
    /// The executions that are asked for, of all clients together.
    pub(super) executions: usize,
    /// One in so many leaves before the end.
    pub(super) leaves: u64,
    /// One in so many is listened to.
    pub(super) heard: u64,
    /// The time between disasters, in microseconds; none, if it is zero.
    pub(super) disaster: u64,
    /// One start in so many fails, or takes for ever.
    pub(super) bad_start: u64,
    pub(super) timeout_ms: u64,
    /// True if it is shut down before all is done.
    pub(super) shuts_down: bool,
}

/// A client: how often it asks, and for how much at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The longest time between two times that it asks, in microseconds.
    pub(super) pause: u64,
    /// The most that it asks for at a time.
    pub(super) burst: u64,
}

impl Nature {
    pub(super) fn new(random: &mut Random, executions: usize) -> Self {
        let workers = random.between(1, 4);
        let places = random.between(1, 8);
        // Three quarters of the worlds are peaceful in one respect or another.
        let mut sometimes = |least, most| match random.between(0, 3) {
            0 => random.between(least, most),
            _ => 0,
        };
        let habits = Habits {
            sleep: 3 * sometimes(5, 25),
            write: sometimes(5, 25),
            continues: sometimes(1, 100),
            kills: sometimes(1, 60),
            hangs: sometimes(1, 15),
        };
        let disaster = sometimes(100_000, 3_000_000);
        let bad_start = sometimes(2, 6);
        let leaves = sometimes(2, 10);
        let small_queue = sometimes(1, 20);
        let small_bytes = sometimes(600, 6_000);
        let shuts_down = sometimes(1, 1) > 0;
        let heard = sometimes(1, 3);
        let parked = sometimes(0, 10);
        let rules = Rules {
            workers: usize::try_from(workers).unwrap(),
            places: usize::try_from(places).unwrap(),
            parked_per_worker: usize::try_from(if parked > 0 { parked } else { 100 }).unwrap(),
            parked_bytes: random.between(1, 512) << 20,
            queue_length: usize::try_from(if small_queue > 0 { small_queue } else { 1024 })
                .unwrap(),
            queue_bytes: usize::try_from(if small_bytes > 0 {
                small_bytes
            } else {
                64 << 20
            })
            .unwrap(),
            patience: Duration::from_millis(random.between(500, 30_000)),
            stuck_after: Duration::from_secs(2),
        };
        let clients = (0..random.between(1, 7)).map(|_| Kind {
            pause: random.between(1_000, 400_000),
            burst: match random.between(0, 3) {
                0 => random.between(1, 60),
                _ => 1,
            },
        });
        Self {
            clients: clients.collect(),
            rules,
            habits,
            executions,
            leaves,
            heard,
            disaster,
            bad_start,
            timeout_ms: random.between(100, 1_500),
            shuts_down,
        }
    }
}
