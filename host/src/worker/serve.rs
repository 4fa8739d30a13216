//! The child's threads: each takes a program, runs it, and answers.
//!
//! The threads take turns at reading the socket. Whoever reads a program lets the next thread read
//! and runs it itself, so that a program passes through one thread only: handing it from a reader
//! to a runner would cost a switch between threads each time.

use super::frame::{self, FrameBuffer};
use super::probe;
use super::protocol::{Ending, Request, Response};
use crate::{Belljar, Canceller, Error, Program};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The state that a worker's threads share.
pub(super) struct Server {
    belljar: Belljar,
    inbox: Mutex<Inbox>,
    outbox: Mutex<UnixStream>,
    running: Mutex<HashMap<u64, Canceller>>,
}

/// The reading side of the connection.
pub(super) struct Inbox {
    stream: UnixStream,
    buffer: FrameBuffer,
}

/// A program to execute.
struct Task {
    id: u64,
    program: Program,
    canceller: Canceller,
}

/// The parent is gone, or mad: there is nothing left to do.
struct Gone;

impl Server {
    /// A server on a connection, of which `buffer` may have read something already.
    pub(super) fn new(
        belljar: Belljar,
        stream: UnixStream,
        buffer: FrameBuffer,
    ) -> std::io::Result<Self> {
        let outbox = Mutex::new(stream.try_clone()?);
        Ok(Self {
            belljar,
            inbox: Mutex::new(Inbox { stream, buffer }),
            outbox,
            running: Mutex::default(),
        })
    }

    /// Keeps all threads from reading until dropped.
    pub(super) fn hold(&self) -> MutexGuard<'_, Inbox> {
        lock(&self.inbox)
    }

    /// Executes programs until the parent closes the connection, and then ends the process.
    pub(super) fn work(&self) -> ! {
        // A panic is a fault of ours, in a state that nobody knows: better to start anew. The
        // parent reports the executions as crashed.
        let Ok(Gone) = panic::catch_unwind(AssertUnwindSafe(|| self.work_until_gone())) else {
            process::abort();
        };
        // SAFETY: ends the process without running anything that could wait for another thread;
        // what is still running has nobody left to answer to.
        unsafe { libc::_exit(0) }
    }

    fn work_until_gone(&self) -> Gone {
        loop {
            let taken = self.take();
            let task = match taken {
                Ok(task) => task,
                Err(gone) => return gone,
            };
            let result = self.belljar.execute_with(&task.program, &task.canceller);
            lock(&self.running).remove(&task.id);
            let (outcome, error);
            let ending = match result {
                Ok(result) => {
                    outcome = result;
                    Ending::Outcome((&outcome).into())
                }
                Err(Error::Engine { step, source }) => {
                    error = format!("{step}: {source:#}");
                    Ending::Failed(&error)
                }
                Err(result) => {
                    error = result.to_string();
                    Ending::Refused(&error)
                }
            };
            self.say(&Response::Done {
                id: task.id,
                ending,
            });
        }
    }

    /// Waits for this thread's turn to read, and reads until there is a program.
    fn take(&self) -> Result<Task, Gone> {
        let mut inbox = lock(&self.inbox);
        let Inbox { stream, buffer } = &mut *inbox;
        loop {
            while let Some(message) = buffer.next().map_err(|_| Gone)? {
                match postcard::from_bytes(message).map_err(|_| Gone)? {
                    Request::Execute { id, program } => {
                        let canceller = self.belljar.canceller();
                        // Before the turn is given away: the next message may cancel it.
                        lock(&self.running).insert(id, canceller.clone());
                        let program = program.to_program();
                        return Ok(Task {
                            id,
                            program,
                            canceller,
                        });
                    }
                    Request::Cancel { id } => {
                        if let Some(canceller) = lock(&self.running).get(&id) {
                            canceller.cancel();
                        }
                    }
                    Request::Probe => self.say(&Response::Probed {
                        tried: probe::attempt(),
                    }),
                    Request::Start(_) => return Err(Gone),
                }
            }
            match stream.read(buffer.space()) {
                Ok(0) => return Err(Gone),
                Ok(count) => buffer.filled(count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Gone),
            }
        }
    }

    /// Sends a message. If that fails the parent is gone, which the next read finds out.
    pub(super) fn say(&self, message: &Response<'_>) {
        if let Ok(frame) = frame::encode(message) {
            let _ = lock(&self.outbox).write_all(&frame);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
