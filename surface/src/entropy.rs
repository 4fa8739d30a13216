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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::Mock;

    fn draw(source: &mut Entropy, len: u32) -> alloc::vec::Vec<u8> {
        let mut machine = Mock::default();
        source.fill(&mut machine, 0, len).unwrap();
        machine.memory[..len as usize].to_vec()
    }

    #[test]
    fn equal_seeds_give_equal_bytes_and_others_do_not() {
        assert_eq!(
            draw(&mut Entropy::seeded(7), 16),
            draw(&mut Entropy::seeded(7), 16)
        );
        assert_ne!(
            draw(&mut Entropy::seeded(7), 16),
            draw(&mut Entropy::seeded(8), 16)
        );
    }

    #[test]
    fn bytes_do_not_depend_on_the_pieces_that_they_come_in() {
        let (mut source, mut whole) = (Entropy::seeded(7), [0; 3001]);
        ChaCha12Rng::seed_from_u64(7).fill_bytes(&mut whole);
        assert_eq!(draw(&mut source, 3001), whole);
    }

    #[test]
    fn a_bad_address_takes_nothing_from_the_stream() {
        let mut source = Entropy::seeded(7);
        assert!(source.fill(&mut Mock::default(), u32::MAX, 9).is_err());
        assert_eq!(draw(&mut source, 16), draw(&mut Entropy::seeded(7), 16));
    }
}
