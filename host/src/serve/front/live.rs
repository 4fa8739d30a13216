//! An answer that comes while its script runs: the instance lives inside of the body.

use super::Failure;
use crate::serve::http::BrokenOff;
use hyper::body::{Body, Bytes, Frame};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

/// An instance at work; it ends with its handler's return.
pub(super) type Guest = Pin<Box<dyn Future<Output = wasmtime::Result<()>> + Send>>;

/// The body that an instance writes. Dropping it drops the instance, and that stops its script.
pub(super) struct Live {
    /// While it works.
    pub(super) guest: Option<Guest>,
    body: HyperOutgoingBody,
    deadline: Pin<Box<Sleep>>,
    timeout: Duration,
}

impl Live {
    pub(super) fn new(guest: Option<Guest>, body: HyperOutgoingBody, timeout: Duration) -> Self {
        let deadline = Box::pin(sleep(timeout));
        Self {
            guest,
            body,
            deadline,
            timeout,
        }
    }

    fn fail(failure: Failure) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        tracing::error!(%failure, "the front failed in the middle of an answer");
        Poll::Ready(Some(Err(failure.into())))
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
        if let Some(guest) = &mut this.guest
            && let Poll::Ready(ended) = guest.as_mut().poll(cx)
        {
            this.guest = None;
            if let Err(error) = ended {
                return Self::fail(Failure::Trapped(error));
            }
        }
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            return match frame {
                Some(Err(error)) => Self::fail(Failure::BrokenOff(error.to_string())),
                Some(Ok(frame)) => Poll::Ready(Some(Ok(frame))),
                None => Poll::Ready(None),
            };
        }
        if this.deadline.as_mut().poll(cx).is_ready() {
            return Self::fail(Failure::TimedOut(this.timeout));
        }
        Poll::Pending
    }
}
