//! A stream whose other side has to take what is written, or is given up.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A stream on which a write that gets nowhere for some time fails as timed out. Time counts from when
/// the other side last took something; while nothing is to be written none passes.
#[derive(Debug)]
pub(super) struct WriteTimeout<S> {
    stream: S,
    after: Duration,
    /// Runs while a write waits: most connections never have one.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S> WriteTimeout<S> {
    pub(super) fn new(stream: S, after: Duration) -> Self {
        Self {
            stream,
            after,
            timer: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if polled.is_ready() {
            self.timer = None;
            return polled;
        }
        let after = self.after;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(after)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    const AFTER: Duration = Duration::from_millis(40);

    /// The bytes that a stream holds before anybody reads.
    const HELD_BYTES: usize = 16;

    #[tokio::test]
    async fn a_write_that_nobody_takes_fails_in_time() {
        let (ours, _theirs) = duplex(HELD_BYTES);
        let mut stream = WriteTimeout::new(ours, AFTER);
        stream.write_all(&[7; HELD_BYTES]).await.unwrap();
        let start = Instant::now();
        let error = stream.write_all(b"more").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= AFTER);
    }

    #[tokio::test]
    async fn a_client_that_takes_little_at_a_time_has_all_the_time_it_needs() {
        let (ours, mut theirs) = duplex(HELD_BYTES);
        let mut stream = WriteTimeout::new(ours, 10 * AFTER);
        let writing = tokio::spawn(async move { stream.write_all(&[7; 12 * HELD_BYTES]).await });
        let mut taken = [0; HELD_BYTES];
        for _ in 0..12 {
            sleep(AFTER).await;
            theirs.read_exact(&mut taken).await.unwrap();
        }
        assert!(writing.await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn time_in_which_nothing_is_written_does_not_count() {
        let (ours, mut theirs) = duplex(HELD_BYTES);
        let mut stream = WriteTimeout::new(ours, AFTER);
        stream.write_all(&[7; HELD_BYTES]).await.unwrap();
        sleep(2 * AFTER).await;
        let mut taken = [0; HELD_BYTES];
        theirs.read_exact(&mut taken).await.unwrap();
        stream.write_all(b"more").await.unwrap();
    }
}
