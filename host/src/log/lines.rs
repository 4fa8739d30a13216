//! Lines on their way to standard error, which may be a pipe that nobody empties.
//!
//! Whoever logs never waits: a line is added to a buffer, and a thread writes what has gathered
//! there every few milliseconds, which on a busy server is many lines at once. When the buffer is
//! full, lines are lost, and counted.

use super::escape::plain;
use prometheus_client::metrics::counter::Counter;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

/// The most that waits to be written, in bytes: a second's lines of a busy server, some 6,000.
const BUFFER_BYTES: usize = 1 << 20;

/// A buffer that was filled beyond this, in bytes, is given back.
const KEEP_BYTES: usize = 64 << 10;

/// How long lines gather before they are written. Nobody who reads a log notices; and waking the
/// thread and writing for each line took a tenth of the server's time.
const GATHER: Duration = Duration::from_millis(10);

/// How long the end of the process waits for lines to be written.
const FLUSH: Duration = Duration::from_millis(500);

/// The way in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    shared: Arc<Shared>,
    lost: Counter,
    /// Whether lines have codes for colours.
    colours: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Calls the thread: there is something to write, or somebody waits for it to be written.
    some: Condvar,
    /// Calls those who wait for lines to be written.
    written: Condvar,
}

#[derive(Debug, Default)]
struct State {
    gathered: Vec<u8>,
    /// How many lines were ever added, and how many of those the thread is done with.
    added: u64,
    done: u64,
    /// Whether the thread waits for the first line, or for others to join it.
    idle: bool,
    hurry: bool,
}

impl Lines {
    /// Starts the thread that writes lines to `output`; `lost` counts those that it cannot.
    pub(super) fn start(
        output: impl Write + Send + 'static,
        lost: Counter,
        colours: bool,
    ) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let lines = Self {
            shared: Arc::clone(&shared),
            lost: lost.clone(),
            colours,
        };
        thread::Builder::new()
            .name("belljar-log".to_owned())
            .spawn(move || write(&shared, output, &lost))?;
        Ok(lines)
    }

    /// Waits until what was logged so far is written, but not long.
    pub(super) fn flush(&self) {
        let mut state = self.shared.lock();
        let goal = state.added;
        state.hurry = true;
        self.shared.some.notify_one();
        // When time is over the lines are lost.
        let waited = self
            .shared
            .written
            .wait_timeout_while(state, FLUSH, |state| state.done < goal);
        drop(waited);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for lines, and takes all that have gathered, with the number of the last one.
    fn take(&self, lines: &mut Vec<u8>) -> u64 {
        let mut state = self.lock();
        if state.gathered.is_empty() {
            state.idle = true;
            let wait = self
                .some
                .wait_while(state, |state| state.gathered.is_empty());
            state = wait.unwrap_or_else(PoisonError::into_inner);
        }
        state.idle = false;
        let wait = self
            .some
            .wait_timeout_while(state, GATHER, |state| !state.hurry);
        state = wait.unwrap_or_else(PoisonError::into_inner).0;
        state.hurry = false;
        mem::swap(&mut state.gathered, lines);
        state.added
    }
}

/// The thread: writes what gathers, for ever.
fn write(shared: &Shared, mut output: impl Write, lost: &Counter) {
    let (mut lines, mut done, mut told) = (Vec::new(), 0, lost.get());
    loop {
        let last = shared.take(&mut lines);
        if output
            .write_all(&lines)
            .and_then(|()| output.flush())
            .is_err()
        {
            // Saying so would only make more lines that cannot be written.
            lost.inc_by(last - done);
            told += last - done;
        }
        lines.clear();
        lines.shrink_to(KEEP_BYTES);
        done = last;
        shared.lock().done = done;
        shared.written.notify_all();
        // There is room again, also for saying what is missing.
        let all = lost.get();
        if all > told {
            tracing::warn!(lost = all - told, "lines of the log were lost");
            told = all;
        }
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

/// Takes one line: it is written whole, or not at all.
#[derive(Debug)]
pub(super) struct Line<'a>(&'a Lines);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let Lines {
            shared,
            lost,
            colours,
        } = self.0;
        let plain = plain(line, *colours);
        let mut state = shared.lock();
        if state.gathered.len() + plain.len() > BUFFER_BYTES {
            lost.inc();
            return Ok(line.len());
        }
        state.gathered.extend_from_slice(&plain);
        state.added += 1;
        let wake = mem::take(&mut state.idle);
        drop(state);
        if wake {
            shared.some.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// What is written, into a vector, once somebody lets go of the lock.
    #[derive(Debug, Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_are_written_in_order_and_none_is_lost_while_there_is_room() {
        let (sink, lost) = (Sink::default(), Counter::default());
        let lines = Lines::start(sink.clone(), lost.clone(), false).unwrap();
        let mut expected = String::new();
        for number in 0..10_000 {
            let line = format!("{number}\n");
            lines.make_writer().write_all(line.as_bytes()).unwrap();
            expected.push_str(&line);
        }
        lines.flush();
        assert_eq!(*sink.0.lock().unwrap(), expected.as_bytes());
        assert_eq!(lost.get(), 0);
    }

    #[test]
    fn nobody_waits_for_an_output_that_takes_nothing() {
        const LINES: usize = 3 * BUFFER_BYTES / 5;
        let (sink, lost) = (Sink::default(), Counter::default());
        let lines = Lines::start(sink.clone(), lost.clone(), false).unwrap();
        let stuck = sink.0.lock().unwrap();
        let start = Instant::now();
        for _ in 0..LINES {
            lines.make_writer().write_all(b"line\n").unwrap();
        }
        lines.flush();
        assert!(start.elapsed() < FLUSH * 8, "{:?}", start.elapsed());
        // As much as there is room for may be with the thread, and as much again gathered.
        assert!(
            lost.get() as usize >= LINES - 2 * BUFFER_BYTES / 5,
            "{}",
            lost.get()
        );
        drop(stuck);
        lines.flush();
        let written = sink.0.lock().unwrap().len() as u64;
        assert_eq!(written, (LINES as u64 - lost.get()) * 5);
    }

    #[test]
    fn a_line_is_written_soon_although_no_other_follows() {
        let (sink, lost) = (Sink::default(), Counter::default());
        let lines = Lines::start(sink.clone(), lost, false).unwrap();
        let start = Instant::now();
        for expected in [&b"one\n"[..], b"one\ntwo\n"] {
            lines
                .make_writer()
                .write_all(&expected[expected.len() - 4..])
                .unwrap();
            while *sink.0.lock().unwrap() != expected {
                assert!(start.elapsed() < Duration::from_secs(60), "in vain");
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}
