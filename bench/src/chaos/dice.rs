//! Decisions that a seed makes again.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The dice with which an actor decides.
#[derive(Debug)]
pub(super) struct Dice(ChaCha12Rng);

impl Dice {
    /// The dice of this actor of a run with this seed.
    pub(super) fn new(seed: u64, actor: u64) -> Self {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        random.set_stream(actor);
        Self(random)
    }

    /// A number below this one, which is not 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // The bias is a bound's share of 2^64.
        usize::try_from(self.0.next_u64() % bound as u64).unwrap_or(0)
    }

    /// A number from 0 to 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / f64::from(u32::MAX)
    }
}
