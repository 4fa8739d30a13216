//! The desk at which a run that waits leaves its place, and asks for it again.

use std::fmt;
use std::time::Duration;

/// The shortest sleep for which a run leaves its place. Leaving, asking and being called are three
/// messages between processes, some 30 microseconds in all: of this, next to nothing. A script that sleeps for
/// less each time keeps its place, as one that computes does.
pub(super) const WORTH_LEAVING: Duration = Duration::from_millis(20);

/// A listener that is told when a run begins to wait, and asked when the run wants to go on.
///
/// Both are called by the run's thread and return at once. After [`ask`](Self::ask) the run goes on
/// when [`Interrupt::call`](super::Interrupt::call) is, or ends when it is interrupted.
pub trait Desk: fmt::Debug + Send + Sync {
    /// The run begins to wait. Its memory has this size.
    fn leave(&self, memory_bytes: usize);

    /// It waits no longer, and wants its place back.
    fn ask(&self);
}
