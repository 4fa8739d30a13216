//! An answer that comes while its script runs, or that is too long to be kept: the instance lives
//! inside of the body.

use super::effort::Measured;
use super::failure::Failure;
use super::said::Said;
use crate::http::BrokenOff;
use hyper::body::{Body, Bytes, Frame};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

/// An instance at work; it ends with its handler's return.
pub(super) type Guest = Measured<wasmtime::Result<()>>;

/// What an instance writes. Dropping it drops the instance, and that stops its script.
pub(super) struct Written {
    /// While it works.
    guest: Option<Guest>,
    body: HyperOutgoingBody,
}

/// The same as the body of an answer.
pub(super) struct Live {
    written: Written,
    deadline: Pin<Box<Sleep>>,
    timeout: Duration,
    said: Arc<Said>,
}

impl Written {
    pub(super) fn new(guest: Option<Guest>, body: HyperOutgoingBody) -> Self {
        Self { guest, body }
    }

    /// All of it; an error if it is more than `limit`.
    pub(super) async fn collect(mut self, limit: usize) -> Result<Bytes, Failure> {
        let mut first = Bytes::new();
        let mut all = Vec::new();
        while let Some(frame) = poll_fn(|cx| self.poll(cx)).await {
            let Ok(piece) = frame?.into_data() else {
                continue;
            };
            if first.len() + all.len() + piece.len() > limit {
                return Err(Failure::TooLong(limit));
            }
            if first.is_empty() && all.is_empty() {
                // Nearly every answer comes in one piece: it is passed on as it is.
                first = piece;
            } else {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.extend_from_slice(&piece);
            }
        }
        Ok(if all.is_empty() { first } else { all.into() })
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        if let Some(guest) = &mut self.guest
            && let Poll::Ready(ended) = Pin::new(guest).poll(cx)
        {
            self.guest = None;
            if let Err(error) = ended {
                return Poll::Ready(Some(Err(Failure::Trapped(error))));
            }
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map_err(|error| Failure::BrokenOff(error.to_string()))))
    }
}

impl Live {
    pub(super) fn new(written: Written, timeout: Duration, said: Arc<Said>) -> Self {
        Self {
            written,
            deadline: Box::pin(sleep(timeout)),
            timeout,
            said,
        }
    }
}

impl Body for Live {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let this = self.get_mut();
        let polled = match this.written.poll(cx) {
            Poll::Pending if this.deadline.as_mut().poll(cx).is_ready() => {
                Some(Err(Failure::TimedOut(this.timeout)))
            }
            polled => ready!(polled),
        };
        Poll::Ready(polled.map(|frame| {
            frame.map_err(|failure| {
                this.said.failed(&failure);
                failure.into()
            })
        }))
    }
}
