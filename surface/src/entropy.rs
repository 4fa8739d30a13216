//! The source of a guest's random bytes.

use crate::{BadAddress, Machine};
use alloc::boxed::Box;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The bytes that a seeded generator gives at a time, before they are copied to the guest. It must be
/// a multiple of four, the generator's word: of the last word of each piece what is left over is lost.
const PIECE_BYTES: u32 = 1024;

/// A source of random bytes: the machine's, or a seeded one that gives the same bytes on every run.
#[derive(Debug)]
pub enum Entropy {
    /// The machine's own, cryptographic generator.
    System,
    /// ChaCha12 with a fixed seed: its stream is documented and the same on every platform.
    Seeded(Box<ChaCha12Rng>),
}

impl Entropy {
    /// A source that depends on `seed` alone.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Box::new(ChaCha12Rng::seed_from_u64(seed)))
    }

    /// Fills bytes of the guest's memory.
    pub(crate) fn fill(
        &mut self,
        machine: &mut impl Machine,
        address: u32,
        len: u32,
    ) -> Result<(), BadAddress> {
        let Self::Seeded(generator) = self else {
            return machine.write_random(address, len);
        };
        machine.check(address, len)?;
        let mut piece = [0; PIECE_BYTES as usize];
        let mut done = 0;
        while done < len {
            let bytes = &mut piece[..(len - done).min(PIECE_BYTES) as usize];
            generator.fill_bytes(bytes);
            machine.write(address + done, bytes)?;
            done += bytes.len() as u32;
        }
        Ok(())
    }
}
