//! The report of what clients went through.

use super::{Fate, Kind};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// The shortest time between two requests of a client that nothing keeps waiting.
const PACE: Duration = Duration::from_millis(20);

/// Times that answers took, beyond what scripts slept and the machine stood still.
///
/// Who waits for an answer asks nothing else meanwhile, so that the times in which a server is bad
/// have few answers, and those in which it is good have many. The requests that were not made are
/// counted as those that they would have been: each waited for the rest of the time.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    fn add(&mut self, took: Duration) {
        let mut waited = took;
        loop {
            self.0.push(waited);
            match waited.checked_sub(PACE) {
                Some(less) if !less.is_zero() => waited = less,
                _ => return,
            }
        }
    }

    /// The time that this share (0 to 1) of all is not above; zero when there is none.
    pub fn percentile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of an index"
        )]
        let index = (last as f64 * share).round() as usize;
        sorted.get(index).copied().unwrap_or_default()
    }

    /// The time that 99 of 100 are not above. Of fewer than 100 it is the longest but one: one
    /// answer in a few dozen that came late says nothing of the hundredth.
    pub fn p99(&self) -> Duration {
        if self.0.len() >= 100 {
            return self.percentile(0.99);
        }
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted
            .iter()
            .rev()
            .nth(1)
            .or(sorted.first())
            .copied()
            .unwrap_or_default()
    }

    /// The number of them.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// The report of what clients went through, by kind of request.
#[derive(Debug, Clone, Default)]
pub struct Report {
    times: BTreeMap<Kind, Times>,
    /// Right answers.
    pub right: u64,
    /// Requests that were told to come again.
    pub retries: u64,
    /// The number of streams that ended with their worker.
    pub cut_short: u64,
    /// Requests that were told that they failed, or got no answer.
    pub failed: u64,
    /// Answers that were not theirs.
    pub wrong: u64,
    /// The first thing that went wrong.
    pub first: Option<String>,
}

impl Report {
    /// Notes a request.
    pub fn add(&mut self, kind: Kind, fate: &Fate, took: Duration) {
        // Who is failed has waited as well.
        self.times.entry(kind).or_default().add(took);
        let what = match fate {
            Fate::Right => {
                self.right += 1;
                return;
            }
            Fate::CutShort => {
                self.cut_short += 1;
                return;
            }
            Fate::Retry => {
                self.retries += 1;
                "was sent away with 503".to_owned()
            }
            Fate::Wrong(what) => {
                self.wrong += 1;
                format!("got a wrong answer: {what}")
            }
            Fate::Blamed(what) => {
                self.failed += 1;
                format!("was told that it failed: {what}")
            }
            Fate::Lost(what) => {
                self.failed += 1;
                what.clone()
            }
        };
        let name = kind.name();
        self.first.get_or_insert(format!("{name} {what}"));
    }

    /// Adds another's.
    pub fn merge(&mut self, other: Self) {
        for (kind, times) in other.times {
            self.times.entry(kind).or_default().0.extend(times.0);
        }
        self.right += other.right;
        self.retries += other.retries;
        self.cut_short += other.cut_short;
        self.failed += other.failed;
        self.wrong += other.wrong;
        self.first = self.first.take().or(other.first);
    }

    /// The times of each kind.
    pub fn times(&self) -> impl Iterator<Item = (Kind, &Times)> {
        self.times.iter().map(|(kind, times)| (*kind, times))
    }

    /// The times of one kind.
    pub fn times_of(&self, kind: Kind) -> Times {
        self.times.get(&kind).cloned().unwrap_or_default()
    }

    /// The number of requests.
    pub fn asked(&self) -> u64 {
        self.right + self.retries + self.failed + self.wrong
    }

    /// Checks that every request got its one right answer.
    ///
    /// # Errors
    ///
    /// The number of those that did not, and the fate of the first of them.
    pub fn all_right(&self) -> Result<(), String> {
        if self.right == self.asked() {
            return Ok(());
        }
        let first = self.first.as_deref().unwrap_or_default();
        Err(format!(
            "of {} requests {} failed, {} were wrong, {} were sent away; first: {first}",
            self.asked(),
            self.failed,
            self.wrong,
            self.retries
        ))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} right, {} failed, {} wrong, {} sent away",
            self.right, self.failed, self.wrong, self.retries
        )?;
        for (kind, times) in self.times() {
            let ms = |time: Duration| time.as_secs_f64() * 1e3;
            let (p50, p99) = (ms(times.percentile(0.5)), ms(times.p99()));
            write!(formatter, "; {} p50 {p50:.1} p99 {p99:.1} ms", kind.name())?;
        }
        Ok(())
    }
}
