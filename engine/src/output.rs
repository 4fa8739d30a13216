//! Captured output, bounded per stream.

use crate::Stop;

/// One of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What a run wrote, at most `limit` bytes a stream.
#[derive(Debug)]
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
            stdout: Vec::new(),
            stderr: Vec::new(),
            exceeded: None,
        }
    }

    /// Appends `bytes`, keeping what fits.
    ///
    /// # Errors
    ///
    /// [`Stop::OutputExceeded`] once a stream is over its limit: the run must end.
    pub(crate) fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Stop> {
        let buffer = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let room = self.limit.saturating_sub(buffer.len());
        buffer.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            self.exceeded = Some(stream);
            return Err(Stop::OutputExceeded(stream));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_and_the_rest_stops_the_run() {
        let mut output = Output::new(4);
        assert_eq!(output.write(Stream::Stdout, b"abc"), Ok(()));
        assert_eq!(
            output.write(Stream::Stdout, b"def"),
            Err(Stop::OutputExceeded(Stream::Stdout))
        );
        assert_eq!(output.stdout, b"abcd");
        assert_eq!(output.write(Stream::Stderr, b"1234"), Ok(()));
        assert_eq!(output.exceeded, Some(Stream::Stdout));
    }
}
