//! Hearing what a guest writes, when it writes it.

use crate::{Cause, Stream};
use std::fmt;

/// A function that is told of bytes of a stream.
type Hear = dyn FnMut(Stream, &[u8]) -> Result<(), Cause> + Send;

/// Hears every piece of output that is kept.
pub struct Tap(Box<Hear>);

impl Tap {
    /// Has `hear` called with every piece that is kept. It may keep the run waiting, as long as it
    /// waits with [`Interrupt::wait_until`](crate::Interrupt::wait_until) and gives back its error,
    /// which ends the run.
    pub fn new(hear: impl FnMut(Stream, &[u8]) -> Result<(), Cause> + Send + 'static) -> Self {
        Self(Box::new(hear))
    }

    pub(crate) fn hear(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Cause> {
        (self.0)(stream, bytes)
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}
