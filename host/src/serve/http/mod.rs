//! HTTP/1.1: from accepted connections to a [`Handler`] and back.
//!
//! [`listener`] accepts, [`socket`] sees clients leave, [`wire`] guards a connection's bytes (timeouts,
//! [`framing`], hyper's own errors, an orderly close), [`service`] does for every request what no
//! handler should have to: its id, its body, its place in logs and metrics. A handler sees a whole
//! request and gives an answer, whole or as it comes ([`content`]).
//!
//! What clients share is shared by [`client`]: [`connections`], memory ([`budget`]), and the time that
//! long requests take ([`turns`]). [`hosts`] says which names a server answers to.

mod answer;
mod body;
mod budget;
mod call;
mod client;
mod connections;
mod content;
mod framing;
mod hosts;
mod listener;
mod phase;
mod service;
mod socket;
mod turns;
mod wire;

pub(crate) use answer::{Answer, error, json};
pub(crate) use budget::Budget;
pub(crate) use call::Call;
pub(crate) use content::{BrokenOff, Content};
pub(crate) use hosts::AllowedHosts;
pub(crate) use listener::{Listener, Shares, Stage};
pub(crate) use turns::Turns;

use budget::Reservation;
use hyper::Request;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use std::sync::Arc;

/// Answers requests.
pub(crate) trait Handler: Send + Sync + 'static {
    /// The most of a request's body that the handler wants to see, in bytes.
    const BODY_BYTES: usize;

    /// Answers a request by its head alone, before its body is read: for what need not be read.
    fn refuse(&self, head: &Parts, call: &Call) -> Option<Answer> {
        let _ = (head, call);
        None
    }

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
    /// The memory that it takes.
    reservation: Option<Reservation>,
}
