//! The bytes of a connection: timeouts, errors in our own shape, an orderly close.
//!
//! hyper reads and writes through a [`Wire`]. A [`Phase`], which the [service](super::service)
//! moves on, tells it what the bytes are for:
//!
//! ```text
//! Idle ──first byte──► Head ──head is whole──► Busy (► Body ► Busy) ──answer──► Answering ─┐
//!   ▲                                                                                      │
//!   └────────────────────────────────── all of it is written ◄────────────────────────────┘
//! ```
//!
//! Whoever writes while no request is known is hyper, with a bare answer to something that it could
//! not read: [ours](OwnAnswer) goes out instead. Below it are an [orderly close](HalfClose) and a
//! [bound on how long a client takes nothing](WriteTimeout).

use super::answer;
use super::framing::{Fault, Framing};
use super::half_close::HalfClose;
use super::own::OwnAnswer;
use super::phase::{Ending, Phase, Shared};
use super::write_timeout::WriteTimeout;
use crate::metrics::Metrics;
use belljar_contract::ErrorType;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// The times that a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    pub(super) header: Duration,
    pub(super) write: Duration,
    pub(super) idle: Duration,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: HalfClose<WriteTimeout<S>>,
    shared: Arc<Shared>,
    metrics: Arc<Metrics>,
    timeouts: Timeouts,
    header_bytes: u32,
    timer: Pin<Box<Sleep>>,
    /// The wait that the timer runs for: in a phase of a request.
    timed: Option<(Phase, u32)>,
    /// An answer of ours that is not all written.
    own: Option<OwnAnswer>,
    framing: Framing,
    /// The fault of the request that comes next.
    fault: Option<Fault>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(
        stream: S,
        shared: Arc<Shared>,
        metrics: Arc<Metrics>,
        timeouts: Timeouts,
        header_bytes: u32,
    ) -> Self {
        let stream = WriteTimeout::new(stream, timeouts.write);
        Self {
            stream: HalfClose::new(stream, Arc::clone(&shared)),
            shared,
            metrics,
            timeouts,
            header_bytes,
            timer: Box::pin(sleep(timeouts.header)),
            timed: None,
            own: None,
            framing: Framing::default(),
            fault: None,
        }
    }

    /// Ready when the time for this wait is over. The first call starts the clock.
    fn poll_timer(
        &mut self,
        timed: (Phase, u32),
        after: Duration,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        if self.timed != Some(timed) {
            self.timed = Some(timed);
            self.timer.as_mut().reset(Instant::now() + after);
        }
        self.timer.as_mut().poll(cx)
    }

    /// Writes an answer of ours, from where it stopped.
    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(own) = &mut self.own {
            ready!(own.poll_write_to(&mut self.stream, cx))?;
            self.own = None;
        }
        Poll::Ready(Ok(()))
    }

    /// Begins an answer of ours to something that never became a request.
    fn refuse(&mut self, error_type: ErrorType, message: &str) {
        self.own = Some(OwnAnswer::new(error_type, message, &self.metrics));
        self.shared.linger();
    }

    /// The same at once, and nothing more is read.
    fn end_with(
        &mut self,
        error_type: ErrorType,
        message: &str,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.refuse(error_type, message);
        // It fits into the empty buffer of a socket, or the client does not read anyway.
        let _ = self.poll_own(cx)?;
        // The end of the input, as far as hyper is concerned.
        Poll::Ready(Ok(()))
    }

    /// Looks at what was read from `before` on. What does not belong to sound requests is taken out.
    fn inspect(&mut self, buffer: &mut ReadBuf<'_>, before: usize) {
        let new = buffer.filled().get(before..).unwrap_or_default();
        if let Err(fault) = self.framing.read(new) {
            buffer.set_filled(before + fault.sound);
            self.fault = Some(fault);
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        // Its place is given to another: what may have come since is not looked at, or a rush of
        // requests on new connections would have all of them answered, however many there may be.
        let is_displaced = self.shared.ending() == Some(Ending::Displaced)
            && matches!(self.shared.phase(), Phase::Idle | Phase::Head);
        if self.fault.is_none() && !is_displaced {
            let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
            if polled.is_ready() {
                if buffer.filled().len() > before && self.shared.phase() == Phase::Idle {
                    self.shared.set(Phase::Head);
                }
                self.inspect(buffer, before);
                if self.fault.is_none() || buffer.filled().len() > before {
                    return polled;
                }
            }
        }
        let phase = self.shared.phase();
        if let Some(fault) = self.fault {
            return match phase {
                // It was answered as a body that breaks off.
                Phase::Idle | Phase::Head if fault.in_body => Poll::Ready(Ok(())),
                Phase::Idle | Phase::Head => self.end_with(fault.error_type, fault.message, cx),
                // In the middle of a body: as far as hyper is concerned, it breaks off.
                Phase::Body | Phase::Busy if fault.in_body => Poll::Ready(Ok(())),
                // Those before it are answered first. hyper asks again when it has done so.
                _ => Poll::Pending,
            };
        }
        let request = self.shared.requests();
        if let (Some(ending), Phase::Idle | Phase::Head) = (self.shared.ending(), phase) {
            if phase == Phase::Idle && request > 0 {
                // It has its answers, and may not even be there any more.
                return Poll::Ready(Ok(()));
            }
            let (error_type, message) = ending.told();
            let ended = self.end_with(error_type, message, cx);
            if ending == Ending::Displaced {
                // Its place is needed now. Or connections that end would be the next to fill us up.
                self.shared.hurry();
            }
            return ended;
        }
        let timeout = match phase {
            // A client that connects does so to ask; one that has asked may wait.
            Phase::Idle if request > 0 => self.timeouts.idle,
            Phase::Idle | Phase::Head => self.timeouts.header,
            Phase::Body | Phase::Busy | Phase::Answering => return Poll::Pending,
        };
        ready!(self.poll_timer((phase, request), timeout, cx));
        if phase == Phase::Head {
            let timeout_ms = self.timeouts.header.as_millis();
            let message = format!("request head: expected within {timeout_ms} ms");
            return self.end_with(ErrorType::RequestTimeout, &message, cx);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let is_hypers_own = matches!(self.shared.phase(), Phase::Idle | Phase::Head);
        if !is_hypers_own {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        if self.own.is_none() {
            let (error_type, message) = answer::instead_of(bytes, self.header_bytes);
            self.refuse(error_type, &message);
        }
        self.poll_own(cx).map_ok(|()| bytes.len())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.shared.phase() == Phase::Answering {
            self.shared.set(Phase::Idle);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
