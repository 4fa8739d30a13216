//! A request's body, read whole before anything is done for the request: whoever sends it slowly
//! holds a connection, but no instance and no sandbox.

use super::budget::{Exceeded, Reservation, SMALL_BYTES};
use super::handler::Payload;
use super::phase::{Ending, Phase, Shared};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// A body that did not come.
#[derive(Debug)]
pub(super) enum BodyError {
    /// Not in time.
    Timeout,
    /// It ended before its end, or its framing is broken.
    Broken,
    /// The client's bodies and answers take too much memory.
    NoMemory,
    /// Another client needed the connection's place more.
    Displaced,
}

impl From<Exceeded> for BodyError {
    fn from(_: Exceeded) -> Self {
        Self::NoMemory
    }
}

/// Reads a body of at most `limit` bytes. Of a larger one it takes what shows that it is larger.
/// `reserve` begins a reservation, for what is not small.
pub(super) async fn collect(
    body: Incoming,
    limit: usize,
    timeout: Duration,
    shared: &Shared,
    reserve: impl Fn(usize) -> Result<Reservation, Exceeded>,
) -> Result<Payload, BodyError> {
    if body.is_end_stream() {
        return Ok(Payload::default());
    }
    if body.size_hint().lower() > limit as u64 {
        // Not even begun: a client that asks first (`Expect: 100-continue`) is spared the sending.
        return Ok(Payload {
            too_large: true,
            ..Payload::default()
        });
    }
    // Nearly every body has come with its head: then there is nothing to set up for waiting.
    let mut reading = pin!(read(body, limit, reserve));
    let at_once = poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await;
    if let Poll::Ready(payload) = at_once {
        return payload;
    }
    shared.set(Phase::Body);
    let payload = tokio::select! {
        biased;
        payload = reading => payload,
        () = tokio::time::sleep(timeout) => Err(BodyError::Timeout),
        () = displaced(shared) => Err(BodyError::Displaced),
    };
    shared.set(Phase::Busy);
    payload
}

/// Waits until the connection's place is needed for another. A server that stops does not end it.
async fn displaced(shared: &Shared) {
    if shared.ended().await != Ending::Displaced {
        pending::<()>().await;
    }
}

async fn read(
    mut body: Incoming,
    limit: usize,
    reserve: impl Fn(usize) -> Result<Reservation, Exceeded>,
) -> Result<Payload, BodyError> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    let mut reservation = None;
    while let Some(frame) = body.frame().await {
        // Trailers mean nothing to anyone here.
        let Ok(piece) = frame.map_err(|_| BodyError::Broken)?.into_data() else {
            continue;
        };
        if first.is_empty() && all.is_empty() {
            // Nearly every body comes in one piece: it is passed on as it is.
            if piece.len() > SMALL_BYTES {
                reservation = Some(reserve(piece.len())?);
            }
            first = piece;
        } else {
            let (there, len) = (all.capacity(), first.len().max(all.len()) + piece.len());
            if there < len {
                // Twice as much each time, as a vector does, but never more than can come.
                let wanted = (there * 2).min(limit + piece.len()).max(len);
                match &mut reservation {
                    Some(reservation) => reservation.grow(wanted - there)?,
                    none => *none = Some(reserve(wanted)?),
                }
                all.reserve_exact(wanted - all.len());
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
                first = Bytes::new();
            }
            all.extend_from_slice(&piece);
        }
        if first.len().max(all.len()) > limit {
            break;
        }
    }
    let bytes = if all.is_empty() { first } else { all.into() };
    let too_large = bytes.len() > limit;
    Ok(Payload {
        bytes,
        too_large,
        reservation,
    })
}
