//! Captured output, bounded per stream.

use crate::{Cause, Stop};
use std::fmt;

/// One of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What hears bytes of a stream.
type Hear = dyn FnMut(Stream, &[u8]) -> Result<(), Cause> + Send;

/// Hears what is written, when it is written.
pub struct Tap(Box<Hear>);

impl Tap {
    /// Has `hear` called with every piece that is kept. It may keep the run waiting, as long as it
    /// waits with [`Interrupt::wait_until`](crate::Interrupt::wait_until) and gives back its error,
    /// which ends the run.
    pub fn new(hear: impl FnMut(Stream, &[u8]) -> Result<(), Cause> + Send + 'static) -> Self {
        Self(Box::new(hear))
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
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
    /// Who hears what is kept.
    pub tap: Option<Tap>,
}

impl Output {
    /// Streams of at most `limit` bytes each.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            stdout: Vec::new(),
            stderr: Vec::new(),
            exceeded: None,
            tap: None,
        }
    }

    /// Appends `bytes`, keeping what fits.
    ///
    /// # Errors
    ///
    /// [`Stop::OutputExceeded`] once a stream is over its limit, [`Stop::Interrupted`] when the run
    /// was interrupted while the tap kept it waiting: it must end.
    pub(crate) fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Stop> {
        let buffer = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let room = self.limit.saturating_sub(buffer.len());
        let kept = &bytes[..bytes.len().min(room)];
        buffer.extend_from_slice(kept);
        let heard = match &mut self.tap {
            Some(Tap(tap)) if !kept.is_empty() => tap(stream, kept),
            _ => Ok(()),
        };
        if bytes.len() > room {
            self.exceeded = Some(stream);
            return Err(Stop::OutputExceeded(stream));
        }
        heard.map_err(Stop::Interrupted)
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

    #[test]
    fn a_tap_hears_exactly_what_is_kept() {
        let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let hearing = std::sync::Arc::clone(&heard);
        let mut output = Output::new(4);
        output.tap = Some(Tap::new(move |stream, bytes| {
            hearing.lock().unwrap().push((stream, bytes.to_vec()));
            Ok(())
        }));
        output.write(Stream::Stdout, b"abc").unwrap();
        output.write(Stream::Stdout, b"").unwrap();
        output.write(Stream::Stdout, b"def").unwrap_err();
        output.write(Stream::Stdout, b"g").unwrap_err();
        let expected = [
            (Stream::Stdout, b"abc".to_vec()),
            (Stream::Stdout, b"d".to_vec()),
        ];
        assert_eq!(*heard.lock().unwrap(), expected);
    }
    #[test]
    fn a_tap_that_was_interrupted_ends_the_run_and_what_it_heard_is_kept() {
        let mut output = Output::new(9);
        output.tap = Some(Tap::new(|_, _| Err(Cause::Timeout)));
        assert_eq!(
            output.write(Stream::Stdout, b"abc"),
            Err(Stop::Interrupted(Cause::Timeout))
        );
        assert_eq!(output.stdout, b"abc");
    }
}
