//! The child's threads: they read programs, run them, and answer.

use super::crew::Crew;
use super::frame::{self, FrameBuffer};
use super::place::{Place, page_faults};
use super::probe;
use super::protocol::{Ending, REASON_BYTES, Request, Response, response_bytes};
use super::telling::{Outbox, Telling};
use super::unsent;
use crate::event::{Heard, Listener};
use crate::{Belljar, Canceller, Error, Program};
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The state that a worker's threads share.
pub(super) struct Server {
    belljar: Belljar,
    inbox: Mutex<Inbox>,
    outbox: Outbox,
    crew: Crew<Task>,
    running: Mutex<HashMap<u64, Canceller>>,
    telling: Arc<Telling>,
    /// The largest message that the parent takes.
    limit: usize,
    snapshot_bytes: u64,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

/// What the parent sends. Locked by whoever reads, while it waits too.
pub(super) struct Inbox {
    pub(super) stream: UnixStream,
    /// What has arrived.
    pub(super) buffer: FrameBuffer,
}

/// A program to execute.
struct Task {
    id: u64,
    program: Program,
    canceller: Canceller,
    tell: bool,
}

/// The parent is gone, or mad: there is nothing left to do.
struct Gone;

impl Server {
    /// A server that answers on `outbox`, with this many runners, of which one for each core leads.
    pub(super) fn new(
        belljar: Belljar,
        inbox: Inbox,
        outbox: UnixStream,
        runners: usize,
        cores: u32,
    ) -> Self {
        let outbox = Arc::new(Mutex::new(outbox));
        Self {
            limit: response_bytes(&belljar.info().policy),
            snapshot_bytes: belljar.info().image.memory_bytes,
            belljar,
            inbox: Mutex::new(inbox),
            telling: Arc::new(Telling::new(Arc::clone(&outbox))),
            outbox,
            crew: Crew::new(runners, cores),
            running: Mutex::default(),
        }
    }

    /// Until this is dropped no runner reads, and so none has anything to do.
    pub(super) fn hold(&self) -> MutexGuard<'_, Inbox> {
        lock(&self.inbox)
    }

    /// Reads and executes programs, as runner `index`, until the parent closes the connection, and
    /// then ends the process.
    pub(super) fn run(self: &Arc<Self>, index: usize) -> ! {
        let Gone = or_abort(|| {
            loop {
                self.crew.report(index);
                match self.next(index) {
                    Ok(task) => self.execute(index, task),
                    Err(gone) => break gone,
                }
            }
        });
        // SAFETY: ends the process without running anything that could wait for another thread;
        // what is still running has nobody left to answer to.
        unsafe { libc::_exit(0) }
    }

    /// Has others read while a runner is busy, for ever.
    pub(super) fn relieve_leaders(&self) -> ! {
        or_abort(|| self.crew.relieve())
    }

    /// Tells what scripts give while they run, for ever.
    pub(super) fn tell(&self) -> ! {
        or_abort(|| self.telling.run())
    }

    /// The next program for a runner that leads. Reads until there is one.
    fn next(&self, index: usize) -> Result<Task, Gone> {
        if let Some(task) = self.crew.begin(index) {
            return Ok(task);
        }
        let mut inbox = lock(&self.inbox);
        loop {
            // Whoever had the inbox until now may have read more than one.
            if let Some(task) = self.crew.begin(index) {
                return Ok(task);
            }
            self.read(&mut inbox)?;
        }
    }

    /// Reads what has arrived, or waits for it.
    fn read(&self, inbox: &mut Inbox) -> Result<(), Gone> {
        let Inbox { stream, buffer } = inbox;
        let mut found = false;
        while let Some(message) = buffer.next().map_err(|_| Gone)? {
            found = true;
            match postcard::from_bytes(message).map_err(|_| Gone)? {
                Request::Execute { id, program, tell } => {
                    let canceller = self.belljar.canceller();
                    lock(&self.running).insert(id, canceller.clone());
                    self.crew.add(Task {
                        id,
                        program: program.to_program(),
                        canceller,
                        tell,
                    });
                }
                Request::Cancel { id } => {
                    if let Some(canceller) = lock(&self.running).get(&id) {
                        canceller.cancel();
                    }
                }
                Request::Read { id, bytes } => self.telling.read(id, bytes),
                Request::Resume { id } => {
                    if let Some(canceller) = lock(&self.running).get(&id) {
                        canceller.interrupt.call();
                    }
                }
                Request::Ping => self.say(&Response::Alive),
                Request::Probe => self.say(&Response::Probed {
                    tried: probe::attempt(),
                }),
                Request::Start(_) => return Err(Gone),
            }
        }
        if found {
            return Ok(());
        }
        match stream.read(buffer.space()) {
            Ok(0) => return Err(Gone),
            Ok(count) => buffer.filled(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Gone),
        }
        Ok(())
    }

    fn execute(self: &Arc<Self>, index: usize, task: Task) {
        let Task {
            id,
            program,
            canceller,
            tell,
        } = task;
        canceller.interrupt.set_desk(Box::new(Place {
            server: Arc::clone(self),
            id,
            runner: index,
            faults: page_faults(),
            snapshot_bytes: self.snapshot_bytes,
        }));
        let tale = tell.then(|| self.telling.begin(id, Arc::clone(&canceller.interrupt)));
        let listener = tale.clone().map(|tale| {
            let telling = Arc::clone(&self.telling);
            Arc::new(move |heard: Heard<'_>| telling.hear(&tale, heard)) as Listener
        });
        let result = self.belljar.execute_heard(&program, &canceller, listener);
        lock(&self.running).remove(&id);
        let (finished, error);
        let ending = match result {
            Ok(result) => {
                // Its sandbox is wiped when this function returns: after the answer is out.
                finished = result;
                Ending::Outcome((&finished.0).into())
            }
            Err(Error::Engine { step, source }) => {
                error = format!("{step}: {source:#}");
                Ending::Failed(clipped(&error))
            }
            Err(result) => {
                error = result.to_string();
                Ending::Refused(clipped(&error))
            }
        };
        if let Some(tale) = tale {
            self.telling.end(&tale);
        }
        if let Err(bytes) = self.try_to_say(&Response::Done { id, ending }) {
            // Nothing that a script does comes to this; but the parent would end this process for
            // it, and with it what others are running here.
            let outcome = unsent::outcome(bytes, self.limit);
            let ending = Ending::Outcome((&outcome).into());
            self.say(&Response::Done { id, ending });
        }
    }

    /// Has somebody else read: what this runner executes waits.
    pub(super) fn relieve(&self, index: usize) {
        self.crew.leave(index);
    }

    /// Sends a message, or leaves it out if the parent does not take it.
    pub(super) fn say(&self, message: &Response<'_>) {
        let _ = self.try_to_say(message);
    }

    /// Sends a message; the number of its bytes if it has more than the parent takes. If sending fails
    /// the parent is gone, which the next read finds out.
    fn try_to_say(&self, message: &Response<'_>) -> Result<(), usize> {
        if let Ok(frame) = frame::encode(message) {
            let bytes = frame::message_bytes(&frame);
            if bytes > self.limit {
                return Err(bytes);
            }
            let _ = lock(&self.outbox).write_all(&frame);
        }
        Ok(())
    }
}

/// As much of a reason as is sent.
fn clipped(reason: &str) -> &str {
    &reason[..reason.floor_char_boundary(REASON_BYTES)]
}

/// Runs a thread's work. A panic in it is a fault of ours, in a state that nobody knows: better to
/// start anew. The parent reports the executions as crashed.
fn or_abort<T>(work: impl FnOnce() -> T) -> T {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| process::abort())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
