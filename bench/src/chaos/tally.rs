//! The tally: the end of every request.

use belljar_tests::neighbours::Kind;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The row in which a request is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row {
    /// Of a client that does nothing wrong.
    Good(Kind),
    /// Of one that attacks.
    Hostile,
    /// Of one that goes.
    Fickle,
}

/// The end of a request.
#[derive(Debug)]
pub(super) enum End {
    /// With an answer as it should be.
    Right,
    /// Its client went.
    Gone,
    /// With something that is not its answer.
    Wrong(String),
    /// With the word that it failed, which it did not.
    Blamed(String),
    /// Without a whole answer.
    Lost(String),
}

#[derive(Debug, Default, Clone)]
struct Counts {
    sent: u64,
    right: u64,
    gone: u64,
    retried: u64,
    wrong: u64,
    blamed: u64,
    lost: u64,
    first: Option<String>,
}

/// The counts of a run.
#[derive(Debug)]
pub(super) struct Tally {
    rows: Mutex<BTreeMap<Row, Counts>>,
    /// Requests that are still to be sent.
    left: AtomicU64,
    total: u64,
    stopped: AtomicBool,
}

impl Row {
    fn name(self) -> &'static str {
        match self {
            Self::Good(kind) => kind.name(),
            Self::Hostile => "hostile",
            Self::Fickle => "fickle",
        }
    }
}

impl Tally {
    pub(super) fn new(total: u64) -> Self {
        Self {
            rows: Mutex::default(),
            left: AtomicU64::new(total),
            total,
            stopped: AtomicBool::new(false),
        }
    }

    /// Takes one of the requests that are to be sent; false when there is none left.
    pub(super) fn take(&self) -> bool {
        let took = |left: u64| left.checked_sub(1);
        !self.stopped.load(Ordering::Relaxed)
            && self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, took)
                .is_ok()
    }

    /// `true` if there are requests left.
    pub(super) fn goes_on(&self) -> bool {
        !self.stopped.load(Ordering::Relaxed) && self.left.load(Ordering::Relaxed) > 0
    }

    /// Lets no more be sent.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// `true` if no more than one in so many requests were of this row.
    pub(super) fn has_share(&self, row: Row, one_in: u64) -> bool {
        let sent = self.rows().get(&row).map_or(0, |counts| counts.sent);
        sent * one_in <= self.sent()
    }

    /// The number of requests that were sent.
    pub(super) fn sent(&self) -> u64 {
        self.total - self.left.load(Ordering::Relaxed)
    }

    /// Notes that a request is sent.
    pub(super) fn send(&self, row: Row) {
        self.rows().entry(row).or_default().sent += 1;
    }

    /// Notes that one was told to come again.
    pub(super) fn retry(&self, row: Row) {
        self.rows().entry(row).or_default().retried += 1;
    }

    /// Notes how one ended.
    pub(super) fn end(&self, row: Row, end: End) {
        let mut rows = self.rows();
        let counts = rows.entry(row).or_default();
        let what = match end {
            End::Right => {
                counts.right += 1;
                return;
            }
            End::Gone => {
                counts.gone += 1;
                return;
            }
            End::Wrong(what) => {
                counts.wrong += 1;
                format!("wrong: {what}")
            }
            End::Blamed(what) => {
                counts.blamed += 1;
                format!("told that it failed: {what}")
            }
            End::Lost(what) => {
                counts.lost += 1;
                format!("lost: {what}")
            }
        };
        counts.first.get_or_insert(what);
    }

    /// The counts, as a table.
    pub(super) fn table(&self) -> String {
        let mut text = String::from(
            "| kind | sent | right | retried | gone | wrong | told that they failed | lost |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        for (row, counts) in self.rows().iter() {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                row.name(),
                counts.sent,
                counts.right,
                counts.retried,
                counts.gone,
                counts.wrong,
                counts.blamed,
                counts.lost
            );
        }
        text
    }

    /// A line about how far it is.
    pub(super) fn progress(&self, elapsed: Duration) -> String {
        let (mut retried, mut bad) = (0, 0);
        for counts in self.rows().values() {
            retried += counts.retried;
            bad += counts.wrong + counts.blamed + counts.lost;
        }
        let (sent, total) = (self.sent(), self.total);
        let rate = sent as f64 / elapsed.as_secs_f64();
        format!("{sent} of {total}, {rate:.0} a second; {retried} retries, {bad} not right")
    }

    /// The problems: everything that should not have happened.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (row, counts) in self.rows().iter() {
            let name = row.name();
            if let Some(first) = &counts.first {
                let bad = counts.wrong + counts.blamed + counts.lost;
                problems.push(format!("{name}: {bad} of {}; first {first}", counts.sent));
            }
            if counts.sent
                != counts.right + counts.gone + counts.wrong + counts.blamed + counts.lost
            {
                problems.push(format!("{name}: {counts:?} do not add up"));
            }
        }
        problems
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<Row, Counts>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
