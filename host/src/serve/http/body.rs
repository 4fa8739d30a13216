//! A request's body, read whole before anything is done for the request: whoever sends it slowly
//! holds a connection, but no instance and no sandbox.

use super::Payload;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use std::time::Duration;

/// A body that did not come.
#[derive(Debug)]
pub(super) enum BodyError {
    /// Not in time.
    Timeout,
    /// It ended before its end, or its framing is broken.
    Broken,
}

/// Reads a body of at most `limit` bytes. Of a larger one it takes what shows that it is larger.
pub(super) async fn collect(
    body: Incoming,
    limit: usize,
    timeout: Duration,
) -> Result<Payload, BodyError> {
    if body.is_end_stream() {
        return Ok(Payload::default());
    }
    if body.size_hint().lower() > limit as u64 {
        // Not even begun: a client that asks first (`Expect: 100-continue`) is spared the sending.
        return Ok(Payload {
            bytes: Bytes::new(),
            too_large: true,
        });
    }
    match tokio::time::timeout(timeout, read(body, limit)).await {
        Ok(payload) => payload,
        Err(_) => Err(BodyError::Timeout),
    }
}

async fn read(mut body: Incoming, limit: usize) -> Result<Payload, BodyError> {
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        // Trailers mean nothing to anyone here.
        let Ok(piece) = frame.map_err(|_| BodyError::Broken)?.into_data() else {
            continue;
        };
        if first.is_empty() && all.is_empty() {
            // Nearly every body comes in one piece: it is passed on as it is.
            first = piece;
        } else {
            if all.is_empty() {
                all.reserve(first.len() + piece.len());
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&piece);
        }
        if first.len().max(all.len()) > limit {
            break;
        }
    }
    let bytes = if all.is_empty() { first } else { all.into() };
    let too_large = bytes.len() > limit;
    Ok(Payload { bytes, too_large })
}
