//! The child's threads: one reads, the others run programs and answer.
//!
//! A program goes to the thread that became idle last: its core's caches still hold the sandbox that
//! it used, half a megabyte of it. (Letting the threads take turns at reading saves the switch
//! between two of them, and costs more than that: the sandbox then moves from core to core.)

use super::frame::{self, FrameBuffer};
use super::probe;
use super::protocol::{Ending, Request, Response};
use super::telling::Telling;
use crate::event::{Heard, Listener};
use crate::{Belljar, Canceller, Error, Program};
use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The state that a worker's threads share.
pub(super) struct Server {
    belljar: Belljar,
    outbox: Mutex<UnixStream>,
    desk: Mutex<Desk>,
    /// One for each runner.
    calls: Vec<Condvar>,
    running: Mutex<HashMap<u64, Canceller>>,
    telling: Arc<Telling>,
}

/// Where the reader hands programs over.
struct Desk {
    /// The runners that have nothing to do; the last one is the next to be called.
    idle: Vec<usize>,
    /// What each of them is called for.
    trays: Vec<Option<Task>>,
    /// What came while all were busy. The parent never sends more than there are runners, but a
    /// runner answers before it is back here.
    waiting: VecDeque<Task>,
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
    /// A server that answers on `stream`, with this many runners.
    pub(super) fn new(belljar: Belljar, stream: UnixStream, runners: usize) -> Self {
        Self {
            belljar,
            outbox: Mutex::new(stream),
            desk: Mutex::new(Desk {
                idle: Vec::with_capacity(runners),
                trays: (0..runners).map(|_| None).collect(),
                waiting: VecDeque::new(),
            }),
            calls: (0..runners).map(|_| Condvar::new()).collect(),
            running: Mutex::default(),
            telling: Arc::default(),
        }
    }

    /// Reads what the parent sends until it closes the connection, and then ends the process.
    /// `buffer` may have read something already.
    pub(super) fn read(&self, mut stream: UnixStream, mut buffer: FrameBuffer) -> ! {
        let Gone = or_abort(|| {
            loop {
                if let Err(gone) = self.read_once(&mut stream, &mut buffer) {
                    break gone;
                }
            }
        });
        // SAFETY: ends the process without running anything that could wait for another thread;
        // what is still running has nobody left to answer to.
        unsafe { libc::_exit(0) }
    }

    /// Executes programs, as runner `index`, for ever.
    pub(super) fn run(&self, index: usize) -> ! {
        or_abort(|| {
            loop {
                let task = self.wait_for_task(index);
                self.execute(task);
            }
        })
    }

    /// Tells what scripts give while they run, for ever.
    pub(super) fn tell(&self) -> ! {
        or_abort(|| self.telling.run(|response| self.say(response)))
    }

    fn read_once(&self, stream: &mut UnixStream, buffer: &mut FrameBuffer) -> Result<(), Gone> {
        while let Some(message) = buffer.next().map_err(|_| Gone)? {
            match postcard::from_bytes(message).map_err(|_| Gone)? {
                Request::Execute { id, program, tell } => {
                    let canceller = self.belljar.canceller();
                    lock(&self.running).insert(id, canceller.clone());
                    self.hand_over(Task {
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
                Request::Probe => self.say(&Response::Probed {
                    tried: probe::attempt(),
                }),
                Request::Start(_) => return Err(Gone),
            }
        }
        match stream.read(buffer.space()) {
            Ok(0) => return Err(Gone),
            Ok(count) => buffer.filled(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Gone),
        }
        Ok(())
    }

    fn hand_over(&self, task: Task) {
        let mut desk = lock(&self.desk);
        let Some(index) = desk.idle.pop() else {
            desk.waiting.push_back(task);
            return;
        };
        desk.trays[index] = Some(task);
        drop(desk);
        self.calls[index].notify_one();
    }

    fn wait_for_task(&self, index: usize) -> Task {
        let mut desk = lock(&self.desk);
        if let Some(task) = desk.waiting.pop_front() {
            return task;
        }
        desk.idle.push(index);
        loop {
            if let Some(task) = desk.trays[index].take() {
                return task;
            }
            desk = self.calls[index]
                .wait(desk)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn execute(&self, task: Task) {
        let Task {
            id,
            program,
            canceller,
            tell,
        } = task;
        let listener = tell.then(|| {
            let telling = Arc::clone(&self.telling);
            Arc::new(move |heard: Heard<'_>| telling.add(id, heard)) as Listener
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
                Ending::Failed(&error)
            }
            Err(result) => {
                error = result.to_string();
                Ending::Refused(&error)
            }
        };
        if tell {
            self.telling.flush(|response| self.say(response));
        }
        self.say(&Response::Done { id, ending });
    }

    /// Sends a message. If that fails the parent is gone, which the next read finds out.
    pub(super) fn say(&self, message: &Response<'_>) {
        if let Ok(frame) = frame::encode(message) {
            let _ = lock(&self.outbox).write_all(&frame);
        }
    }
}

/// Runs a thread's work. A panic in it is a fault of ours, in a state that nobody knows: better to
/// start anew. The parent reports the executions as crashed.
fn or_abort<T>(work: impl FnOnce() -> T) -> T {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| process::abort())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
