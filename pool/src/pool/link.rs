//! The sending half of a connection to a worker.

use super::running::Outlet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::Notify;

/// Sends frames to one worker.
///
/// Sending has two steps, so that the scheduler can decide on the order of frames while it is
/// locked, and leave the system call for later: [`push`](Outlet::push), then [`flush`](Outlet::flush).
/// What the socket does not take at once, a task sends when it does.
#[derive(Debug)]
pub(super) struct Link {
    stream: OwnedWriteHalf,
    outbox: Mutex<Outbox>,
    /// Wakes the task that waits for the socket.
    blocked: Notify,
}

#[derive(Debug, Default)]
struct Outbox {
    bytes: Vec<u8>,
    sent: usize,
}

impl Link {
    pub(super) fn new(stream: OwnedWriteHalf) -> Self {
        Self {
            stream,
            outbox: Mutex::default(),
            blocked: Notify::new(),
        }
    }

    fn send(&self) -> io::Result<()> {
        let mut outbox = self.lock();
        while outbox.sent < outbox.bytes.len() {
            let sent = self.stream.try_write(&outbox.bytes[outbox.sent..])?;
            outbox.sent += sent;
        }
        outbox.bytes.clear();
        outbox.sent = 0;
        Ok(())
    }

    /// Sends what the socket did not take at once, until dropped.
    pub(super) async fn send_the_rest(self: Arc<Self>) {
        loop {
            self.blocked.notified().await;
            loop {
                // An error means that the connection is broken: reading it finds that out too.
                if self.stream.writable().await.is_err() {
                    return;
                }
                match self.send() {
                    Ok(()) => break,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(_) => return,
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for Arc<Link> {
    fn push(&self, frame: &[u8]) {
        self.lock().bytes.extend_from_slice(frame);
    }

    fn flush(&self) {
        if self
            .send()
            .is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
        {
            self.blocked.notify_one();
        }
    }
}
