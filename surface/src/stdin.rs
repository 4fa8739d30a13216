//! Standard input.

use alloc::vec::Vec;

/// Standard input: bytes handed over with the script, read from the front.
#[derive(Debug, Default)]
pub struct Stdin {
    bytes: Vec<u8>,
    position: usize,
}

impl Stdin {
    /// Input that consists of `bytes`.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, position: 0 }
    }

    /// The bytes that are left.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Counts so many bytes as read.
    pub fn advance(&mut self, len: usize) {
        self.position = self.position.saturating_add(len).min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_is_read_once_and_ends() {
        let mut stdin = Stdin::new(b"abc".to_vec());
        stdin.advance(2);
        assert_eq!(stdin.rest(), b"c");
        stdin.advance(usize::MAX);
        assert_eq!(stdin.rest(), b"");
    }
}
