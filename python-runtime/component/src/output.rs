//! Captured output, bounded per stream.

use alloc::vec::Vec;
pub(crate) use belljar_contract::Stream;

/// What a run wrote, at most `limit` bytes a stream.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) limit: u64,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// The stream that went over the limit, if one did.
    pub(crate) exceeded: Option<Stream>,
}

impl Output {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// How many more bytes a stream takes.
    pub(crate) fn room(&self, stream: Stream) -> u64 {
        let used = match stream {
            Stream::Stdout => self.stdout.len(),
            Stream::Stderr => self.stderr.len(),
        };
        self.limit.saturating_sub(used as u64)
    }

    /// Appends what was found to have room.
    pub(crate) fn append(&mut self, stream: Stream, bytes: &[u8]) {
        match stream {
            Stream::Stdout => self.stdout.extend_from_slice(bytes),
            Stream::Stderr => self.stderr.extend_from_slice(bytes),
        }
    }
}
