//! An orderly close of a connection on which the other side may still be sending.

use super::phase::Shared;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// The time in which, and the bytes that, are read from a client that was refused before it had sent everything.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 64 << 20;

/// A stream that is closed in two steps where its [connection](Shared::lingers) says so: first our
/// half; the rest when the other side has closed its own, or has had its time.
///
/// Closed at once, with bytes of the client still under way, the kernel answers those with a reset,
/// which takes back the answer that the client has not read yet.
#[derive(Debug)]
pub(super) struct HalfClose<S> {
    stream: S,
    shared: Arc<Shared>,
    closing: Option<Closing>,
}

/// A stream of which our half is closed.
#[derive(Debug)]
struct Closing {
    timer: Pin<Box<Sleep>>,
    /// The bytes that have come since.
    read: usize,
}

impl<S> HalfClose<S> {
    pub(super) fn new(stream: S, shared: Arc<Shared>) -> Self {
        Self {
            stream,
            shared,
            closing: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HalfClose<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for HalfClose<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self {
            stream,
            shared,
            closing,
        } = &mut *self;
        if closing.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
            if !shared.lingers() {
                return Poll::Ready(Ok(()));
            }
        }
        let closing = closing.get_or_insert_with(|| Closing {
            timer: Box::pin(sleep(LINGER)),
            read: 0,
        });
        let mut scratch = [0; 16 << 10];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            // An error is an end, too.
            let polled = Pin::new(&mut *stream).poll_read(cx, &mut buffer);
            if polled.is_pending() {
                return closing.timer.as_mut().poll(cx).map(Ok);
            }
            let count = buffer.filled().len();
            closing.read += count;
            if count == 0 || closing.read > LINGER_BYTES {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{Instant, timeout};

    const SOON: Duration = Duration::from_millis(50);

    fn pair(lingers: bool) -> (HalfClose<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(64);
        let shared = Arc::new(Shared::default());
        if lingers {
            shared.linger();
        }
        (HalfClose::new(ours, shared), theirs)
    }

    #[tokio::test]
    async fn what_the_client_still_sends_is_read_until_it_closes_too() {
        let (mut stream, mut client) = pair(true);
        stream.write_all(b"no").await.unwrap();
        let mut closing = tokio::spawn(async move { stream.shutdown().await });
        assert!(timeout(SOON, &mut closing).await.is_err(), "it waits");
        // More than fits: somebody reads it.
        client.write_all(&[7; 1000]).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, b"no", "and our half has ended");
        assert!(timeout(SOON, &mut closing).await.is_err(), "it waits");
        drop(client);
        closing.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_client_that_does_not_close_has_its_time() {
        let (mut stream, _client) = pair(true);
        let start = Instant::now();
        stream.shutdown().await.unwrap();
        assert!(start.elapsed() >= LINGER);
    }

    #[tokio::test]
    async fn where_nothing_is_under_way_it_closes_at_once() {
        let (mut stream, _client) = pair(false);
        timeout(SOON, stream.shutdown()).await.unwrap().unwrap();
    }
}
