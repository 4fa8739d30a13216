//! The body of an answer: whole at once, or as it comes.

use super::access::AccessLine;
use super::budget::Reservation;
use super::phase::{Phase, Shared};
use super::socket::Left;
use super::turns::Turn;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderMap};
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// What can go wrong in the middle of an answer: the connection is closed, so that the client
/// knows.
pub(crate) type BrokenOff = Box<dyn Error + Send + Sync>;

/// A body that comes while it is made.
type Source = Pin<Box<dyn Body<Data = Bytes, Error = BrokenOff> + Send>>;

/// The most that is given to a connection at once, in bytes: it makes a copy, and only what is left
/// here is known to the budget.
const PIECE_BYTES: usize = 32 << 10;

/// Says, when dropped, that what remains of an answer is on its way.
pub(crate) struct LastPiece(Arc<Shared>);

impl Drop for LastPiece {
    fn drop(&mut self) {
        self.0.set(Phase::Answering);
    }
}

/// Waits until the client has left.
type Gone = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is left to be done when an answer that came as it was made is out.
pub(crate) struct Ending {
    line: AccessLine,
    shared: Arc<Shared>,
    status: u16,
    left: Gone,
}

impl Ending {
    pub(super) fn new(line: AccessLine, status: u16, shared: Arc<Shared>, left: Gone) -> Self {
        Self {
            line,
            shared,
            status,
            left,
        }
    }

    /// Whether the client is gone, so that the end is not worth waiting for.
    fn poll_left(&mut self, cx: &mut Context<'_>) -> Poll<Left> {
        self.left.as_mut().poll(cx).map(|()| Left)
    }

    /// All of the answer is made.
    fn reached(mut self) {
        self.line.end(self.status);
        self.shared.set(Phase::Answering);
    }
}

/// The body of an answer.
pub(crate) enum Content {
    /// Nearly every one.
    Whole {
        /// What is left of it.
        bytes: Bytes,
        /// The memory that it takes, if that is not small.
        reservation: Option<Reservation>,
        /// Tells the connection, where it does not all go out at once.
        last: Option<LastPiece>,
    },
    /// Dropped when the client goes away.
    Live {
        source: Source,
        /// What is done at its end.
        ending: Option<Ending>,
        /// When it may be made.
        turn: Option<Turn>,
        /// The memory of what it is made of, until it is out.
        reservation: Option<Reservation>,
    },
}

impl Content {
    pub(crate) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::Whole {
            bytes: bytes.into(),
            reservation: None,
            last: None,
        }
    }

    /// The memory that it takes until it is out, in bytes, as far as that is known: what is made as it
    /// comes is made of about as much as it will have, when its head says how much that is.
    pub(super) fn memory(&self, head: &HeaderMap) -> usize {
        match self {
            Self::Whole { bytes, .. } => bytes.len(),
            Self::Live { .. } => {
                let length = head.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
                length.and_then(|it| it.parse().ok()).unwrap_or(0)
            }
        }
    }

    /// Keeps a reservation for as long as the memory is taken.
    pub(super) fn keep(&mut self, kept: Reservation) {
        let (Self::Whole { reservation, .. } | Self::Live { reservation, .. }) = self;
        *reservation = Some(kept);
    }

    /// Notes on the connection when the answer is all on its way: now, or with its last piece.
    pub(super) fn goes_out(&mut self, shared: &Arc<Shared>) {
        match self {
            Self::Whole { bytes, last, .. } if bytes.len() > PIECE_BYTES => {
                *last = Some(LastPiece(Arc::clone(shared)));
            }
            _ => shared.set(Phase::Answering),
        }
    }

    pub(crate) fn live(
        source: impl Body<Data = Bytes, Error = BrokenOff> + Send + 'static,
    ) -> Self {
        let source: Source = Box::pin(source);
        Self::Live {
            source,
            ending: None,
            turn: None,
            reservation: None,
        }
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
            Self::Whole {
                bytes,
                reservation,
                last,
            } => {
                let piece = bytes.split_to(bytes.len().min(PIECE_BYTES));
                if bytes.is_empty() {
                    *reservation = None;
                    *last = None;
                }
                let piece = (!piece.is_empty()).then(|| Ok(Frame::data(piece)));
                Poll::Ready(piece)
            }
            Self::Live {
                source,
                ending,
                turn,
                ..
            } => {
                let polled = match turn {
                    Some(turn) => turn.poll(cx, |cx| source.as_mut().poll_frame(cx)),
                    None => source.as_mut().poll_frame(cx),
                };
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
            Self::Whole { bytes, .. } => bytes.is_empty(),
            // Only its last frame tells, so that its end is noticed.
            Self::Live { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole { bytes, .. } => SizeHint::with_exact(bytes.len() as u64),
            Self::Live { .. } => SizeHint::default(),
        }
    }
}
