//! The sending half of a connection to a worker.

use super::machine::Outbox;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::Notify;

/// Sends frames to one worker.
///
/// Sending has two steps, so that the scheduler can decide on the order of frames while it is
/// locked, and leave the system call for later: [`push`](Self::push), then [`flush`](Self::flush).
/// What the socket does not take at once, a task sends when it does.
#[derive(Debug)]
pub(super) struct Link {
    stream: OwnedWriteHalf,
    outbox: Mutex<Outbox>,
    /// Wakes the task that waits for the socket.
    blocked: Notify,
}

impl Link {
    pub(super) fn new(stream: OwnedWriteHalf) -> Self {
        Self {
            stream,
            outbox: Mutex::default(),
            blocked: Notify::new(),
        }
    }

    /// Appends a frame to what is to be sent, and sends nothing yet.
    pub(super) fn push(&self, frame: &[u8]) {
        self.lock().push(frame);
    }

    /// Sends what there is to be sent.
    pub(super) fn flush(&self) {
        if self
            .send()
            .is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
        {
            self.blocked.notify_one();
        }
    }

    fn send(&self) -> io::Result<()> {
        let mut outbox = self.lock();
        while !outbox.unsent().is_empty() {
            let sent = self.stream.try_write(outbox.unsent())?;
            outbox.note_sent(sent);
        }
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
