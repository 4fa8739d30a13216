//! Times at which the machine stood still.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The time between two beats.
const BEAT: Duration = Duration::from_millis(5);

/// The time by which a thread that uses none may be late before that counts as a pause.
///
/// The scheduler gives a thread that mostly sleeps its turn within some milliseconds, however many
/// others are busy: what is later than this was the machine, not them.
const LATE: Duration = Duration::from_millis(40);

/// From a moment to another.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first.
    pub from: Instant,
    /// The last.
    pub to: Instant,
}

/// A heart that beats, and notes when it did not.
#[derive(Debug)]
pub struct Pauses {
    found: Arc<Mutex<Vec<Span>>>,
    ends: Arc<AtomicBool>,
    heart: Option<JoinHandle<()>>,
}

impl Pauses {
    /// Begins to look.
    #[expect(clippy::new_without_default, reason = "it starts a thread")]
    pub fn new() -> Self {
        let found = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let heart = {
            let (found, ends) = (Arc::clone(&found), Arc::clone(&ends));
            thread::spawn(move || beat(&found, &ends))
        };
        Self {
            found,
            ends,
            heart: Some(heart),
        }
    }

    /// The time for which the machine stood still in a span.
    pub fn within(&self, span: Span) -> Duration {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found
            .iter()
            .map(|pause| {
                let (from, to) = (pause.from.max(span.from), pause.to.min(span.to));
                to.saturating_duration_since(from)
            })
            .sum()
    }
}

fn beat(found: &Mutex<Vec<Span>>, ends: &AtomicBool) {
    while !ends.load(Ordering::Relaxed) {
        let due = Instant::now() + BEAT;
        thread::sleep(BEAT);
        let to = Instant::now();
        if to.saturating_duration_since(due) > LATE {
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.push(Span { from: due, to });
        }
    }
}

impl Drop for Pauses {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(heart) = self.heart.take() {
            // Nothing in it panics.
            let _ = heart.join();
        }
    }
}
