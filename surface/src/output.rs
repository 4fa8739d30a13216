//! Captured output, bounded per stream.

use crate::{BadAddress, Failure, Machine, Stop};
use alloc::vec::Vec;

/// One of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// The output of one run: at most `limit` bytes a stream.
#[derive(Debug, Default)]
pub struct Output {
    limit: usize,
    /// The bytes of standard output.
    pub stdout: Vec<u8>,
    /// The bytes of standard error.
    pub stderr: Vec<u8>,
    /// The stream that went over the limit, if one did.
    pub exceeded: Option<Stream>,
}

impl Output {
    /// Streams of at most `limit` bytes each.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Appends bytes of the guest's memory, keeping what fits, and lets the machine hear it.
    ///
    /// # Errors
    ///
    /// [`Stop::OutputExceeded`] once a stream is over its limit, whatever ends the run when the machine
    /// kept it waiting, and a bad address, of which nothing is kept.
    pub(crate) fn write(
        &mut self,
        machine: &mut impl Machine,
        stream: Stream,
        address: u32,
        len: u32,
    ) -> Result<(), Failure> {
        machine.check(address, len)?;
        let buffer = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let before = buffer.len();
        let room = self.limit.saturating_sub(before);
        // No more than `len`, so it is a `u32`.
        let kept = u32::try_from(room).map_or(len, |room| room.min(len));
        machine.append(address, kept, buffer)?;
        let heard = match buffer.get(before..) {
            Some(bytes) if !bytes.is_empty() => machine.hear(stream, bytes),
            _ => Ok(()),
        };
        if kept < len {
            self.exceeded = Some(stream);
            return Err(Stop::OutputExceeded(stream).into());
        }
        Ok(heard?)
    }
}

impl From<BadAddress> for Failure {
    fn from(_: BadAddress) -> Self {
        Self::Errno(crate::Errno::Fault)
    }
}
