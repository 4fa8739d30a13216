//! HTTP/1.1: from accepted connections to a [`Handler`] and back.
//!
//! ```text
//! listener ─► socket ─► write_timeout ─► half_close ─► wire ─► hyper ─► service ─► gates ─► body ─► handler
//!               sees clients leave         bytes: framing, read           requests: ids, log, memory, turns
//!                                          timeouts, own errors
//! ```
//!
//! [`listener`] accepts; a [`connection`] is a stack of streams, each of which knows one thing about
//! bytes and can be tried without a socket ([`write_timeout`], [`half_close`], and [`wire`] with
//! [`framing`] and errors of our [`own`] in place of hyper's), and a [`service`] that does for every
//! request what no handler should have to. A request passes [`gates`] by its head alone, before its
//! body is read: what decides so whether somebody is let in is one more [`Gate`]. A handler sees a
//! whole request and gives an answer, whole or as it comes ([`content`]).
//!
//! What clients share is shared by [`client`]: [`connections`], memory ([`budget`]), and the time that
//! long requests take ([`turns`]).
//!
//! Layers that libraries have for some of this do less. `tower-http` counts a body's bytes, but not
//! against what a client may have in memory, and takes any id that a client gives a request; its log
//! has no line for a client that left, nor the end of an answer that comes as it is made.
//! `hyper-util` stops connections, but does not tell those that wait why, and one that another
//! client needs more is not to be stopped with all others.

mod access;
mod answer;
mod body;
mod budget;
mod call;
mod client;
mod connection;
mod connections;
mod content;
mod framing;
mod gate;
mod gates;
mod half_close;
mod handler;
mod listener;
mod own;
mod phase;
mod service;
mod socket;
mod stage;
mod turns;
mod wire;
mod write_timeout;

pub(crate) use answer::{Answer, error, json};
pub(crate) use budget::Budget;
pub(crate) use call::Call;
pub(crate) use content::{BrokenOff, Content};
pub(crate) use gate::{Gate, Refusal};
pub(crate) use handler::{Handler, Payload};
pub(crate) use listener::{Listener, Shares, Site};
pub(crate) use stage::Stage;
pub(crate) use turns::Turns;
