//! Letting requests in, or not, before anything is done for them.

use super::answer::{self, Answer};
use super::call::Call;
use belljar_contract::ErrorType;
use hyper::http::request::Parts;
use std::fmt;

/// Lets a request in, or turns it away, by its head alone: before its body is read, and before it
/// costs anything. Who is asked to show a token, or asks too often, is turned away by one of these.
///
/// Gates are passed in order, each at most once for a request, on the event loop: none may wait.
pub(crate) trait Gate: fmt::Debug + Send + Sync {
    /// Looks at a request.
    ///
    /// # Errors
    ///
    /// What it is answered with if it may not pass.
    fn check(&self, head: &Parts, call: &Call) -> Result<(), Refusal>;
}

/// A request that is turned away.
pub(crate) enum Refusal {
    /// With an error that needs no more than its message.
    Error(ErrorType, String),
    /// With an answer that has something else as well.
    Answer(Box<Answer>),
}

impl Refusal {
    /// The answer to a call that is refused.
    pub(super) fn into_answer(self, call: &Call) -> Answer {
        match self {
            Self::Error(error_type, message) => {
                answer::error(error_type, &message, &call.request_id)
            }
            Self::Answer(answer) => *answer,
        }
    }
}
