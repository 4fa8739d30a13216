//! HTTP/1.1: from accepted connections to a [`Handler`] and back.
//!
//! [`listener`] accepts, [`socket`] sees clients leave, [`wire`] guards a connection's bytes (timeouts, hyper's own errors, an
//! orderly close), [`service`] does for every request what no handler should have to: its id, its
//! body, its place in logs and metrics. A handler sees a whole request and gives an answer, whole or
//! as it comes ([`content`]).

mod answer;
mod body;
mod call;
mod content;
mod listener;
mod peer;
mod service;
mod socket;
mod wire;

pub(crate) use answer::{Answer, ErrorType, error, json};
pub(crate) use call::Call;
pub(crate) use content::{BrokenOff, Content};
pub(crate) use listener::{Listener, Stage};

use hyper::Request;
use hyper::body::Bytes;
use std::sync::Arc;

/// Answers requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// The most of a request's body that the handler wants to see, in bytes.
    const BODY_BYTES: usize;

    /// Answers one request. Dropped when the client goes away.
    fn handle(
        &self,
        request: Request<Payload>,
        call: &Arc<Call>,
    ) -> impl Future<Output = Answer> + Send;
}

/// The body of a request.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// What came of it.
    pub(crate) bytes: Bytes,
    /// Whether there was more than [`Handler::BODY_BYTES`]: then `bytes` is not all of it.
    pub(crate) too_large: bool,
}
