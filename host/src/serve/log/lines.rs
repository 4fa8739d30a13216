//! Lines on their way to standard error, which may be a pipe that nobody empties.
//!
//! Whoever logs never waits: a line goes into a queue, and a thread writes it. When the queue is
//! full, lines are lost, and counted.

use prometheus_client::metrics::counter::Counter;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tracing_subscriber::fmt::MakeWriter;

/// The most lines that wait to be written: a second's worth on a busy server, and some 2 MB.
const QUEUE_LINES: usize = 8192;

/// How long the end of the process waits for lines to be written.
const FLUSH: Duration = Duration::from_millis(500);

/// How long to wait for a place in the queue, at the end of the process.
const PAUSE: Duration = Duration::from_millis(5);

/// The way in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    queue: SyncSender<Entry>,
    lost: Counter,
}

#[derive(Debug)]
enum Entry {
    Line(Vec<u8>),
    /// All lines before this one are written when it is answered.
    Flush(SyncSender<()>),
}

impl Lines {
    /// Starts the thread that writes lines to `output`; `lost` counts those that it cannot.
    pub(super) fn start(output: impl Write + Send + 'static, lost: Counter) -> io::Result<Self> {
        let (queue, entries) = sync_channel(QUEUE_LINES);
        let counter = lost.clone();
        thread::Builder::new()
            .name("belljar-log".to_owned())
            .spawn(move || write(&entries, output, &counter))?;
        Ok(Self { queue, lost })
    }

    /// Waits until what was logged so far is written, but not long.
    pub(super) fn flush(&self) {
        let end = Instant::now() + FLUSH;
        let (done, written) = sync_channel(1);
        let mut entry = Entry::Flush(done);
        while let Err(TrySendError::Full(back)) = self.queue.try_send(entry) {
            if Instant::now() > end {
                return;
            }
            entry = back;
            thread::sleep(PAUSE);
        }
        // An error means that time is over: then the lines are lost.
        let _ = written.recv_timeout(end.saturating_duration_since(Instant::now()));
    }
}

fn write(entries: &Receiver<Entry>, mut output: impl Write, lost: &Counter) {
    let mut told = lost.get();
    loop {
        let entry = match entries.try_recv() {
            Ok(entry) => entry,
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {
                // There is room again, also for saying what is missing.
                let all = lost.get();
                if all > told {
                    tracing::warn!(lost = all - told, "lines of the log were lost");
                    told = all;
                }
                match entries.recv() {
                    Ok(entry) => entry,
                    Err(_disconnected) => return,
                }
            }
        };
        match entry {
            Entry::Line(line) => {
                if output.write_all(&line).is_err() {
                    // Saying so would only make more lines that cannot be written.
                    lost.inc();
                    told += 1;
                }
            }
            Entry::Flush(done) => {
                let _ = output.flush();
                let _ = done.send(());
            }
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
        let Lines { queue, lost } = self.0;
        if queue.try_send(Entry::Line(line.to_owned())).is_err() {
            lost.inc();
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
    use std::sync::{Arc, Mutex};

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
        let lines = Lines::start(sink.clone(), lost.clone()).unwrap();
        let mut expected = String::new();
        for number in 0..QUEUE_LINES / 2 {
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
        let (sink, lost) = (Sink::default(), Counter::default());
        let lines = Lines::start(sink.clone(), lost.clone()).unwrap();
        let stuck = sink.0.lock().unwrap();
        let start = Instant::now();
        for _ in 0..QUEUE_LINES + 100 {
            lines.make_writer().write_all(b"line\n").unwrap();
        }
        lines.flush();
        assert!(start.elapsed() < FLUSH * 8, "{:?}", start.elapsed());
        // One more may be with the thread.
        assert!((99..=100).contains(&lost.get()), "{}", lost.get());
        drop(stuck);
        lines.flush();
        let written = sink.0.lock().unwrap().len() as u64;
        assert_eq!(written, (QUEUE_LINES as u64 + 100 - lost.get()) * 5);
    }
}
