//! The conversation with one worker.
//!
//! A worker says that it is ready, once, and then what becomes of the executions that it is given.
//! Nothing that it says is trusted: what comes out of order ends it.

use super::end::End;
use super::hearsay::hearsay;
use super::watching::Watched;
use crate::worker::frame::FrameError;
use crate::worker::protocol::{Ending, Ready, Response};
use crate::{Outcome, Refusal, Rejection};
use std::time::{Duration, Instant};

/// The time between two looks at a worker. A stuck one is noticed this much late at most.
pub(crate) const LOOK: Duration = Duration::from_millis(250);

/// The state of a conversation.
#[derive(Debug)]
pub(crate) struct Life {
    /// When it has to be ready.
    ready_by: Instant,
    is_ready: bool,
    has_left: bool,
}

/// A message that came at its time.
#[derive(Debug)]
pub(crate) enum Heard<'a> {
    /// Programs can come.
    Ready(Ready),
    /// An execution has ended.
    Done {
        id: u64,
        result: Result<Outcome, Rejection>,
    },
    /// No sandbox could be made for an execution, for this reason.
    NoSandbox { id: u64, reason: String },
    /// An execution gave something.
    Told { id: u64, events: &'a [u8] },
    /// An execution waits, and holds so much memory.
    Parked { id: u64, bytes: u64 },
    /// It waits no longer.
    Woke { id: u64 },
    /// It lives.
    Alive,
    /// A probe's attempts, each with the number of the error that it met.
    Probed(Vec<(String, i32)>),
}

/// The thing to do when it is time to look after a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// To look after it.
    Now,
    /// To [excuse](super::Scheduler::excuse) it: it could not do anything for so long, and nor could we.
    Late(Duration),
}

impl Life {
    /// The life of a worker that was just started, and has to be ready within this time.
    pub(crate) fn new(now: Instant, start_timeout: Duration) -> Self {
        Self {
            ready_by: now + start_timeout,
            is_ready: false,
            has_left: false,
        }
    }

    /// Tells whether it ever got ready.
    pub(crate) fn was_ready(&self) -> bool {
        self.is_ready
    }

    /// Takes a message.
    ///
    /// # Errors
    ///
    /// When it is the end: the worker says so, or says what makes no sense.
    pub(crate) fn hear<'a>(&mut self, message: &'a [u8]) -> Result<Heard<'a>, End> {
        let response = postcard::from_bytes(message).map_err(FrameError::from)?;
        Ok(match response {
            Response::Failed { reason } => return Err(End::Failed(hearsay(reason))),
            Response::Ready(ready) if !self.is_ready => {
                self.is_ready = true;
                Heard::Ready(ready)
            }
            _ if !self.is_ready => return Err(End::Order),
            Response::Ready(_) => return Err(End::Order),
            Response::Done { id, ending } => match ending {
                Ending::Outcome(outcome) => Heard::Done {
                    id,
                    result: Ok(outcome.to_outcome()?),
                },
                Ending::Refused(reason) => Heard::Done {
                    id,
                    result: Err(Refusal::Invalid(hearsay(reason)).into()),
                },
                Ending::Failed(reason) => Heard::NoSandbox {
                    id,
                    reason: hearsay(reason),
                },
            },
            Response::Told { id, events } => Heard::Told { id, events },
            Response::Parked { id, bytes } => Heard::Parked { id, bytes },
            Response::Woke { id } => Heard::Woke { id },
            Response::Alive => Heard::Alive,
            Response::Probed { tried } => {
                let tried = tried
                    .into_iter()
                    .map(|(what, errno)| (hearsay(what), errno));
                Heard::Probed(tried.collect())
            }
        })
    }

    /// Decides what to do at a moment that was to be at `due`, when it is time to look after the worker.
    ///
    /// # Errors
    ///
    /// When it is not ready and should be.
    pub(crate) fn look(&mut self, due: Instant, now: Instant) -> Result<Look, End> {
        let late = now.saturating_duration_since(due);
        if late > LOOK {
            // We stood still ourselves, as when a machine is moved; so did the worker, whose answer
            // may be on its way. The next look tells.
            self.ready_by += late;
            return Ok(Look::Late(late));
        }
        if !self.is_ready && now > self.ready_by {
            return Err(End::Late);
        }
        Ok(Look::Now)
    }

    /// Tells whether another worker is to take over, after what a look at this one has found.
    ///
    /// # Errors
    ///
    /// When it is to be ended.
    pub(crate) fn leaves(&mut self, watched: Watched) -> Result<bool, End> {
        match watched {
            Watched::Fine => Ok(false),
            Watched::Stuck => Err(End::Stuck),
            Watched::Asked => Ok(!std::mem::replace(&mut self.has_left, true)),
        }
    }
}
