//! The worlds that are simulated in every test run.

use super::judge::Tally;
use super::world::{Story, World};
use std::ops::Range;
use std::time::Instant;

/// The worlds, and the executions that are asked for in each of them.
const WORLDS: Range<u64> = 0..200;
const EXECUTIONS: usize = 400;

/// Says which seed it was when a world comes to a bad end.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!(
                "a promise is broken in world {seed}: BELLJAR_SIMULATION={seed} shows it again"
            );
        }
    }
}

fn story(seed: u64) -> Story {
    let seed = Seed(seed);
    World::new(seed.0, EXECUTIONS).run()
}

/// The seeds that are asked for, or those of every run.
fn wanted() -> Range<u64> {
    let Ok(wanted) = std::env::var("BELLJAR_SIMULATION") else {
        return WORLDS;
    };
    let (first, last) = wanted.split_once("..").unwrap_or((&wanted, ""));
    let first = first.parse().expect("the number of a world");
    let last = match last {
        "" => first + 1,
        last => last.parse().expect("the number of a world"),
    };
    first..last
}

#[test]
fn every_promise_is_kept_in_every_world() {
    let begun = Instant::now();
    let mut all = Tally::default();
    let mut took = 0;
    for seed in wanted() {
        let story = story(seed);
        took += story.took;
        all.add(&story.tally);
    }
    println!(
        "{all:#?}\n{} s of theirs in {:?}",
        took / 1_000_000,
        begun.elapsed()
    );
    if wanted() == WORLDS {
        // Whatever can happen did, many times.
        assert!(all.accepted >= 50_000, "{all:?}");
        for count in [
            all.overloaded,
            all.abandoned,
            all.retried,
            all.crashed,
            all.unstoppable,
            all.parked,
            all.lost,
        ] {
            assert!(count >= 20, "{all:?}");
        }
    }
}

#[test]
fn a_seed_tells_the_same_story_every_time() {
    for seed in [3, 14, 15] {
        assert_eq!(story(seed), story(seed));
    }
    assert_ne!(story(3).trace, story(4).trace);
}
