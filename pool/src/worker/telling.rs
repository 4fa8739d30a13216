//! What running scripts give, on its way to the server.
//!
//! It is collected for a moment, since a message for every line of a script that prints a million
//! would cost more than the script. And it is bounded: the server says what was read of an
//! execution, and a script that is [`AHEAD_BYTES`] ahead of its reader waits, on its own thread and
//! within its own time limit. All executions share one connection; so none may leave more on it
//! than the server takes off at once, whoever reads or does not.

use super::frame;
use super::protocol::Response;
use super::wire_events::encode_events;
use crate::Heard;
use crate::event::{AHEAD_BYTES, Batch};
use belljar_engine::{Cause, Interrupt};
use std::collections::HashMap;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long something waits for more. Below what people notice.
const WAIT: Duration = Duration::from_millis(20);

/// With as much as this it goes at once, so that a script which writes fast meets no bound but its
/// reader.
const SEND_BYTES: usize = AHEAD_BYTES / 4;

/// The most that is taken of one write before the script has to wait: a fraction of what it may be
/// ahead.
const PIECE_BYTES: usize = AHEAD_BYTES / 4;

/// Where messages go. Whoever has it locked sends; the order of locks is this one, then a tale's.
pub(super) type Outbox = Arc<Mutex<UnixStream>>;

/// Sends what executions give, in order.
pub(super) struct Telling {
    outbox: Outbox,
    /// The executions that somebody listens to.
    tales: Mutex<HashMap<u64, Arc<Tale>>>,
    /// Those that gave something since it was last looked.
    due: Mutex<Vec<Arc<Tale>>>,
    some: Condvar,
}

/// What one execution gives.
pub(super) struct Tale {
    id: u64,
    interrupt: Arc<Interrupt>,
    /// What of it counts as not yet read: here, on its way, or with the server.
    unread: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    batch: Batch,
    is_due: bool,
}

impl Telling {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self {
            outbox,
            tales: Mutex::default(),
            due: Mutex::default(),
            some: Condvar::new(),
        }
    }

    /// Begins with an execution, which is stopped by this interrupt.
    pub(super) fn begin(&self, id: u64, interrupt: Arc<Interrupt>) -> Arc<Tale> {
        let tale = Arc::new(Tale {
            id,
            interrupt,
            unread: AtomicUsize::new(0),
            state: Mutex::default(),
        });
        lock(&self.tales).insert(id, Arc::clone(&tale));
        tale
    }

    /// Takes what an execution gave, from its thread, and keeps that waiting while it is too far
    /// ahead.
    ///
    /// # Errors
    ///
    /// The cause for which it was stopped while it waited. What it gave is told all the same.
    pub(super) fn hear(&self, tale: &Arc<Tale>, heard: Heard<'_>) -> Result<(), Cause> {
        let Heard::Output(stream, bytes) = heard else {
            self.add(tale, heard);
            return tale.wait();
        };
        let mut waited = Ok(());
        for piece in bytes.chunks(PIECE_BYTES) {
            self.add(tale, Heard::Output(stream, piece));
            if waited.is_ok() {
                waited = tale.wait();
            }
        }
        waited
    }

    fn add(&self, tale: &Arc<Tale>, heard: Heard<'_>) {
        let mut state = lock(&tale.state);
        let cost = state.batch.add(heard);
        tale.unread.fetch_add(cost, Ordering::Relaxed);
        let is_new = !std::mem::replace(&mut state.is_due, true);
        let is_much = state.batch.cost() >= SEND_BYTES;
        drop(state);
        if is_new {
            let mut due = lock(&self.due);
            due.push(Arc::clone(tale));
            if due.len() == 1 {
                self.some.notify_one();
            }
        }
        if is_much {
            self.send(tale);
        }
    }

    /// The server says that so much of an execution was read.
    pub(super) fn read(&self, id: u64, bytes: usize) {
        let tale = lock(&self.tales).get(&id).cloned();
        if let Some(tale) = tale {
            let unread = &tale.unread;
            let _ = unread.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |unread| {
                Some(unread.saturating_sub(bytes))
            });
            tale.interrupt.look();
        }
    }

    /// Sends what is left of an execution, which is over.
    pub(super) fn end(&self, tale: &Tale) {
        lock(&self.tales).remove(&tale.id);
        self.send(tale);
    }

    /// Sends what comes, soon after it came, for ever.
    pub(super) fn run(&self) -> ! {
        loop {
            let due = lock(&self.due);
            let due = self.some.wait_while(due, |due| due.is_empty());
            drop(due.unwrap_or_else(PoisonError::into_inner));
            thread::sleep(WAIT);
            let due = std::mem::take(&mut *lock(&self.due));
            for tale in due {
                lock(&tale.state).is_due = false;
                self.send(&tale);
            }
        }
    }

    /// Sends what there is of an execution.
    fn send(&self, tale: &Tale) {
        // Locked before it is taken: what one thread took must not be overtaken by what another
        // sends of the same execution.
        let mut outbox = lock(&self.outbox);
        let batch = std::mem::take(&mut lock(&tale.state).batch);
        if batch.is_empty() {
            return;
        }
        let events = encode_events(batch.into_events());
        let told = Response::Told {
            id: tale.id,
            events: &events,
        };
        if let Ok(frame) = frame::encode(&told) {
            // If that fails the server is gone, which the next read finds out.
            let _ = outbox.write_all(&frame);
        }
    }
}

impl Tale {
    /// Waits until its reader has caught up.
    fn wait(&self) -> Result<(), Cause> {
        let is_read = || self.unread.load(Ordering::Relaxed) <= AHEAD_BYTES;
        if is_read() {
            return Ok(());
        }
        self.interrupt.wait_until(is_read)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;
    use crate::worker::frame::FrameBuffer;
    use crate::worker::wire_events::decode_events;
    use belljar_engine::Stream;
    use std::io::Read;

    /// The server's end.
    struct Hearing {
        stream: UnixStream,
        buffer: FrameBuffer,
    }

    impl Hearing {
        /// The next message.
        fn next(&mut self) -> (u64, Vec<Event>) {
            loop {
                if let Some(message) = self.buffer.next().unwrap() {
                    let Response::Told { id, events } = postcard::from_bytes(message).unwrap()
                    else {
                        panic!("another message");
                    };
                    let events: Result<_, _> = decode_events(events).collect();
                    return (id, events.unwrap());
                }
                let count = self.stream.read(self.buffer.space()).unwrap();
                assert!(count > 0, "the end");
                self.buffer.filled(count);
            }
        }
    }

    fn telling() -> (Arc<Telling>, Hearing) {
        let (ours, stream) = UnixStream::pair().unwrap();
        let buffer = FrameBuffer::new(64 << 20);
        let telling = Telling::new(Arc::new(Mutex::new(ours)));
        (Arc::new(telling), Hearing { stream, buffer })
    }

    #[test]
    fn what_belongs_together_goes_together_and_nothing_changes_places() {
        let (telling, mut hearing) = telling();
        let tales = [1, 2].map(|id| telling.begin(id, Arc::default()));
        for (tale, stream, bytes) in [
            (0, Stream::Stdout, "a"),
            (0, Stream::Stdout, "b"),
            (0, Stream::Stderr, "c"),
            (1, Stream::Stdout, "d"),
            (0, Stream::Stdout, "e"),
        ] {
            let heard = Heard::Output(stream, bytes.as_bytes());
            telling.hear(&tales[tale], heard).unwrap();
        }
        telling.end(&tales[0]);
        telling.end(&tales[0]);
        telling.end(&tales[1]);
        let expected = [
            Event::Stdout(b"ab".to_vec()),
            Event::Stderr(b"c".to_vec()),
            Event::Stdout(b"e".to_vec()),
        ];
        assert_eq!(hearing.next(), (1, expected.to_vec()));
        assert_eq!(hearing.next(), (2, vec![Event::Stdout(b"d".to_vec())]));
    }

    /// Writes a byte in turn to both streams, until stopped.
    fn flood(telling: &Arc<Telling>, tale: &Arc<Tale>) -> thread::JoinHandle<Cause> {
        let (telling, tale) = (Arc::clone(telling), Arc::clone(tale));
        thread::spawn(move || {
            loop {
                for stream in [Stream::Stdout, Stream::Stderr] {
                    if let Err(cause) = telling.hear(&tale, Heard::Output(stream, b"x")) {
                        return cause;
                    }
                }
            }
        })
    }

    #[test]
    fn a_script_waits_for_its_reader_and_others_do_not() {
        let (telling, mut hearing) = telling();
        let teller = Arc::clone(&telling);
        thread::spawn(move || teller.run());
        let interrupt = Arc::<Interrupt>::default();
        let tale = telling.begin(1, Arc::clone(&interrupt));
        let flooding = flood(&telling, &tale);
        // All that it may be ahead comes, and no more: somebody else's is next.
        let mut cost = 0;
        while cost <= AHEAD_BYTES {
            let (id, events) = hearing.next();
            assert_eq!(id, 1);
            cost += events.iter().map(Event::cost).sum::<usize>();
        }
        assert!(cost < AHEAD_BYTES + SEND_BYTES, "{cost}");
        let other = telling.begin(2, Arc::default());
        let heard = Heard::Output(Stream::Stdout, b"me");
        telling.hear(&other, heard).unwrap();
        assert_eq!(hearing.next(), (2, vec![Event::Stdout(b"me".to_vec())]));
        // What is read makes room, for as much again.
        telling.read(1, cost);
        let mut more = 0;
        while more <= AHEAD_BYTES {
            let (id, events) = hearing.next();
            assert_eq!(id, 1);
            more += events.iter().map(Event::cost).sum::<usize>();
        }
        // And who waits can be stopped.
        interrupt.raise(Cause::Timeout);
        assert_eq!(flooding.join().unwrap(), Cause::Timeout);
    }

    #[test]
    fn a_large_write_is_told_whole_also_when_it_is_stopped() {
        let (telling, mut hearing) = telling();
        let interrupt = Arc::<Interrupt>::default();
        let tale = telling.begin(1, Arc::clone(&interrupt));
        let other = Arc::clone(&telling);
        let writing = thread::spawn(move || {
            let bytes = vec![b'x'; 4 * AHEAD_BYTES];
            let waited = other.hear(&tale, Heard::Output(Stream::Stdout, &bytes));
            other.end(&tale);
            waited
        });
        let mut found = 0;
        while found < 4 * AHEAD_BYTES {
            let (_, events) = hearing.next();
            let Event::Stdout(bytes) = &events[0] else {
                panic!("{events:?}");
            };
            found += bytes.len();
            if found >= AHEAD_BYTES {
                interrupt.raise(Cause::Cancelled);
            }
        }
        assert_eq!(writing.join().unwrap(), Err(Cause::Cancelled));
        assert_eq!(found, 4 * AHEAD_BYTES);
    }
}
