//! The code that answers requests.

use super::answer::Answer;
use super::budget::Reservation;
use super::call::Call;
use hyper::Request;
use hyper::body::Bytes;
use std::sync::Arc;

/// Answers requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// The most of a request's body that the handler wants to see, in bytes.
    const BODY_BYTES: usize;

    /// Answers one request, which has passed all [gates](super::Gate). Dropped when the client goes
    /// away.
    fn handle(
        &self,
        request: Request<Payload>,
        call: &Arc<Call>,
    ) -> impl Future<Output = Answer> + Send;
}

/// The body of a request.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// As much of it as came.
    pub(crate) bytes: Bytes,
    /// True if there was more than [`Handler::BODY_BYTES`]: then `bytes` is not all of it.
    pub(crate) too_large: bool,
    /// The memory that it takes.
    pub(super) reservation: Option<Reservation>,
}
