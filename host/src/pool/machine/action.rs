//! Actions: the scheduler's wishes, for whoever drives it.

use super::answer::Answer;
use std::sync::Arc;

/// A message to a worker, with its length before it. Shared by what is kept of it and what is sent.
pub(crate) type Frame = Arc<Vec<u8>>;

/// One thing to be done by whoever drives the [`Scheduler`](super::Scheduler), in the order in which
/// they come and before the scheduler hears of anything else: so frames to one worker keep their order.
#[derive(Debug)]
pub(crate) enum Action {
    /// An execution has got its sandbox: its program goes to this worker. What it gives is listened to
    /// from here on, if anybody listens.
    Give {
        /// The worker.
        worker: u64,
        /// The execution.
        id: u64,
        /// Its program.
        frame: Frame,
        /// True if it had another sandbox before.
        is_anew: bool,
    },
    /// A frame goes to a worker.
    Send {
        /// The worker.
        worker: u64,
        /// The message, with its length before it.
        frame: Frame,
    },
    /// An execution has ended: whoever waits for it is answered. Comes once for each that was accepted,
    /// unless it is forgotten.
    Answer {
        /// The execution.
        id: u64,
        /// The answer.
        answer: Answer,
    },
    /// An execution's worker is lost, and it is to begin anew: until then nobody can be told what was
    /// read of what it gave.
    Pause {
        /// The execution.
        id: u64,
    },
    /// An execution that never ran was given up: nobody waits for an answer.
    Forget {
        /// The execution.
        id: u64,
    },
    /// Workers came or went, or something ended during a shutdown: whoever waits for that looks again.
    Changed,
}
