//! Random numbers: from bytes that a fuzzer provides for as long as there are any, and then from a
//! generator.

/// See the [module's documentation](self).
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
    bytes: Vec<u8>,
    used: usize,
}

impl Noise {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            bytes: Vec::new(),
            used: 0,
        }
    }

    /// The bytes first, then numbers that depend on all of them.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let seed = (bytes.iter()).fold(0, |sum: u64, &byte| {
            sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte)
        });
        Self {
            bytes: bytes.to_vec(),
            ..Self::new(seed)
        }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        if let Some(&byte) = self.bytes.get(self.used) {
            self.used += 1;
            // Whoever wants a small number takes it from the upper half.
            return u64::from(byte) << 35;
        }
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    /// A number below `choices`, which is not zero.
    pub fn pick(&mut self, choices: usize) -> usize {
        (self.next() >> 35) as usize % choices
    }

    /// Some bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() >> 35) as u8).collect()
    }
}
