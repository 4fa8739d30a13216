//! The body of an answer: whole at once, or as it comes.

use super::service::Ending;
use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// What can go wrong in the middle of an answer: the connection is closed, so that the client
/// knows.
pub(crate) type BrokenOff = Box<dyn Error + Send + Sync>;

/// A body that comes while it is made.
type Source = Pin<Box<dyn Body<Data = Bytes, Error = BrokenOff> + Send>>;

/// The body of an answer.
pub(crate) enum Content {
    /// Nearly every one.
    Whole(Full<Bytes>),
    /// Dropped when the client goes away.
    Live {
        source: Source,
        /// What is done at its end.
        ending: Option<Ending>,
    },
}

impl Content {
    pub(crate) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::Whole(Full::new(bytes.into()))
    }

    pub(crate) fn live(
        source: impl Body<Data = Bytes, Error = BrokenOff> + Send + 'static,
    ) -> Self {
        let source: Source = Box::pin(source);
        let ending = None;
        Self::Live { source, ending }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match self.get_mut() {
            Self::Whole(whole) => Pin::new(whole)
                .poll_frame(cx)
                .map_err(|never: Infallible| match never {}),
            Self::Live { source, ending } => {
                let polled = source.as_mut().poll_frame(cx);
                match (&polled, ending.as_mut()) {
                    (Poll::Ready(None), Some(_)) => {
                        if let Some(ending) = ending.take() {
                            ending.reached();
                        }
                    }
                    (Poll::Pending, Some(ending)) => {
                        let left = ready!(ending.poll_left(cx));
                        return Poll::Ready(Some(Err(left.into())));
                    }
                    _ => {}
                }
                polled
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            // Only its last frame tells, so that its end is noticed.
            Self::Live { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Live { .. } => SizeHint::default(),
        }
    }
}
