//! Where a guest's random bytes come from.

use rand::Rng;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;

/// A source of random bytes: the host's, or a seeded one that gives the same bytes on every run.
#[derive(Debug)]
pub enum Entropy {
    /// A cryptographic generator of this thread, seeded by the operating system.
    System,
    /// ChaCha12 with a fixed seed: its stream is documented and the same on every platform.
    Seeded(Box<ChaCha12Rng>),
}

impl Entropy {
    /// A source that depends on `seed` alone.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Box::new(ChaCha12Rng::seed_from_u64(seed)))
    }

    /// Fills `bytes` with random bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        match self {
            Self::System => rand::rng().fill_bytes(bytes),
            Self::Seeded(generator) => generator.fill_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(mut source: Entropy) -> [u8; 16] {
        let mut bytes = [0; 16];
        source.fill(&mut bytes);
        bytes
    }

    #[test]
    fn equal_seeds_give_equal_bytes_and_others_do_not() {
        assert_eq!(draw(Entropy::seeded(7)), draw(Entropy::seeded(7)));
        assert_ne!(draw(Entropy::seeded(7)), draw(Entropy::seeded(8)));
        assert_ne!(draw(Entropy::System), draw(Entropy::System));
    }
}
