//! The world that all cases run in.

use crate::Mock;
use belljar_surface::{Entropy, Surface};
use std::ops::Range;
use std::time::Duration;

/// The guest's memory: 2.5 MiB, more than one call moves.
pub const MEMORY_PAGES: u32 = 40;

/// The limit of each output stream.
pub const OUTPUT_BYTES: usize = 64 << 10;

/// The fuel of a run: some ten times what a call may cost.
pub const FUEL: u64 = 10_000_000;

/// The seed of clock and random bytes.
pub const SEED: u64 = 7;

/// The deadline, in virtual time.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Standard input.
pub const STDIN: &[u8] = b"standard input";

/// The archive: longer than one call reads.
pub(super) const ARCHIVE_BYTES: u64 = 1_300_000;

/// The content of the first data file, of the second, and of none.
pub(super) const RC: &[u8] = b"hello";
pub(super) const FONT: &[u8] = b"0123456789";

/// The system's files, and their places in the pack.
pub fn files() -> Vec<(String, Range<u64>)> {
    let (rc, font) = (RC.len() as u64, FONT.len() as u64);
    let rc = ARCHIVE_BYTES..ARCHIVE_BYTES + rc;
    let font = rc.end..rc.end + font;
    [
        ("lib/a.zip", 0..ARCHIVE_BYTES),
        ("lib/a.zip/data/rc", rc),
        ("lib/a.zip/data/fonts/x.ttf", font),
    ]
    .map(|(path, range)| (path.to_owned(), range))
    .to_vec()
}

/// The pack that they lie in.
pub fn pack() -> Vec<u8> {
    let len = ARCHIVE_BYTES + (RC.len() + FONT.len()) as u64;
    (0..len).map(pack_byte).collect()
}

/// The first random bytes of the seed.
pub fn random_bytes(len: u32) -> Vec<u8> {
    let (mut surface, mut machine) = (Surface::new(0), Mock::default());
    surface.entropy = Entropy::seeded(SEED);
    let (filled, _) = surface.call(&mut machine, |call| call.fill_random(0, len));
    match filled {
        Ok(()) => machine.memory[..len as usize].to_vec(),
        Err(_) => Vec::new(),
    }
}

/// A byte of the pack.
pub(super) fn pack_byte(at: u64) -> u8 {
    match at.checked_sub(ARCHIVE_BYTES) {
        None => archive_byte(at),
        Some(at) => RC
            .iter()
            .chain(FONT)
            .nth(at as usize)
            .copied()
            .unwrap_or_default(),
    }
}

/// A byte of the archive: no two stretches of it are alike.
pub(super) fn archive_byte(at: u64) -> u8 {
    (at ^ (at >> 8) ^ (at >> 16)) as u8
}
