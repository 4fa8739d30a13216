//! A connection's socket, and whether there is still somebody at its other end.
//!
//! hyper notices a client that goes by reading, and it does not read while it holds bytes that it
//! has not yet looked at: a pipelined request behind the one that is being answered. So the service
//! asks the socket itself, by a second handle. The kernel says that the other side has closed also
//! when there is more to read first.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// How often to look whether the client of a request that takes longer has gone. The sandbox is to
/// be free within 100 ms. (Waiting for the socket's readiness instead misses a client that closes
/// right behind a pipelined request.)
const LOOK: Duration = Duration::from_millis(25);

/// There is nobody to answer. Ends the connection.
#[derive(Debug, thiserror::Error)]
#[error("the client has left")]
pub(super) struct Left;

/// A socket: read and written by one task.
#[derive(Debug)]
pub(super) struct Socket {
    reading: Arc<OwnedReadHalf>,
    writing: OwnedWriteHalf,
}

/// The other end of a socket.
#[derive(Debug, Clone)]
pub(super) struct Client(Arc<OwnedReadHalf>);

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Self {
        let (reading, writing) = stream.into_split();
        let reading = Arc::new(reading);
        Self { reading, writing }
    }

    pub(super) fn client(&self) -> Client {
        Client(Arc::clone(&self.reading))
    }
}

impl Client {
    /// Waits until the client has closed the connection, or its sending half: as for hyper, that is
    /// the same.
    pub(super) async fn left(&self) {
        let stream: &TcpStream = (*self.0).as_ref();
        loop {
            // Most requests are answered before the first look.
            tokio::time::sleep(LOOK).await;
            if has_closed(stream.as_fd()) {
                return;
            }
        }
    }
}

/// Whether the other side has closed, or reset, whatever there is to read before that.
fn has_closed(socket: BorrowedFd<'_>) -> bool {
    let mut looked_at = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: libc::POLLRDHUP,
        revents: 0,
    };
    // SAFETY: the pointer is to one structure that outlives the call, whose descriptor is open; a
    // time of 0 does not wait.
    let count = unsafe { libc::poll(&raw mut looked_at, 1, 0) };
    // Resets are told unasked.
    count > 0 && looked_at.revents & (libc::POLLRDHUP | libc::POLLHUP | libc::POLLERR) != 0
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream: &TcpStream = (*self.reading).as_ref();
        loop {
            ready!(stream.poll_read_ready(cx))?;
            let mut count = None;
            let read = stream.try_io(Interest::READABLE, || {
                let read = stream.try_read_buf(buffer)?;
                count = Some(read);
                if read > 0 && buffer.remaining() > 0 {
                    // That was all there is. Saying so now spares the call that finds nothing, as
                    // `TcpStream::poll_read` does, which only one owner can call.
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                Ok(())
            });
            match (count, read) {
                (Some(_), _) => return Poll::Ready(Ok(())),
                (None, Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                (None, result) => return Poll::Ready(result),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writing).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writing).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writing).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    const SOON: Duration = Duration::from_millis(100);

    async fn pair() -> (TcpStream, Socket) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (ours, theirs) = tokio::join!(TcpStream::connect(address), listener.accept());
        (ours.unwrap(), Socket::new(theirs.unwrap().0))
    }

    #[tokio::test]
    async fn what_is_written_is_read_and_an_end_is_an_end() {
        let (mut client, mut socket) = pair().await;
        for text in ["a", "bc", "def"] {
            client.write_all(text.as_bytes()).await.unwrap();
            let mut found = [0; 10];
            let count = socket.read(&mut found).await.unwrap();
            assert_eq!(&found[..count], text.as_bytes());
        }
        let piece = [7; 4096];
        client.write_all(&piece).await.unwrap();
        drop(client);
        let mut rest = Vec::new();
        // In small pieces: buffers that are filled, and one that is not.
        loop {
            let mut found = [0; 1000];
            match socket.read(&mut found).await.unwrap() {
                0 => break,
                count => rest.extend_from_slice(&found[..count]),
            }
        }
        assert_eq!(rest, piece);
    }

    #[tokio::test]
    async fn a_client_that_leaves_is_noticed_behind_what_it_sent() {
        let (mut client, mut socket) = pair().await;
        let peer = socket.client();
        assert!(timeout(SOON, peer.left()).await.is_err(), "it is there");
        client.write_all(b"first").await.unwrap();
        let mut found = [0; 10];
        let _ = socket.read(&mut found).await.unwrap();
        client
            .write_all(b"second, which nobody reads")
            .await
            .unwrap();
        assert!(timeout(SOON, peer.left()).await.is_err(), "it is there");
        drop(client);
        assert!(timeout(SOON, peer.left()).await.is_ok(), "it has left");
    }
}
