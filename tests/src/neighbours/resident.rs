//! A client that does nothing wrong.

use super::{Innocent, Kind, Pauses, Report, Span};
use crate::client::{Answer, Caller, Client, Trouble};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that it waits for an answer. Longer than anything that may be right: who waits this
/// long has been failed.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// The fate of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its one right answer.
    Right,
    /// It was told to come again later.
    Retry,
    /// The beginning of its answer, and word that its worker was lost and that it may come again.
    CutShort,
    /// An answer with 200 that is not its own, or not all of it.
    Wrong(String),
    /// It was told that it failed, which it did not.
    Blamed(String),
    /// No answer.
    Lost(String),
}

/// The fate of a request, by its answer.
pub fn fate_of(innocent: &Innocent, answer: Result<Answer, Trouble>) -> Fate {
    match answer {
        Err(trouble) => Fate::Lost(trouble.to_string()),
        Ok(answer) if answer.says_retry() => Fate::Retry,
        Ok(answer) if answer.status != 200 => Fate::Blamed(answer.summary()),
        Ok(answer) => match innocent.check(&answer) {
            Ok(()) => Fate::Right,
            // What was out already cannot be given again.
            Err(_) if answer.text().contains("\"error_type\":\"unavailable\"") => Fate::CutShort,
            // A stream is 200 whatever then becomes of the script.
            Err(what) if answer.text().contains("\"error_type\"") => Fate::Blamed(what),
            Err(what) => Fate::Wrong(what),
        },
    }
}

/// A client at an address of its own, with requests of one kind.
#[derive(Debug)]
pub struct Resident {
    caller: Caller,
    kind: Kind,
    /// The pause between two requests.
    rest: Duration,
    asked: u32,
    first: u32,
}

impl Resident {
    /// A client of this number that asks for this kind of thing, and rests between two requests.
    pub fn new(client: Client, number: u16, kind: Kind, rest: Duration) -> Self {
        Self {
            caller: Caller::new(client, PATIENCE),
            kind,
            rest,
            asked: 0,
            // Numbers of requests are their own: none is another's.
            first: u32::from(number) << 16,
        }
    }

    /// Asks until it is told to stop; what became of it all.
    pub fn live(&mut self, pauses: &Pauses, until: &dyn Fn() -> bool) -> Report {
        let mut report = Report::default();
        while !until() {
            let innocent = Innocent::new(self.kind, self.first + self.asked);
            self.asked += 1;
            let from = Instant::now();
            let answer = self.caller.ask(&innocent.request());
            let span = Span {
                from,
                to: Instant::now(),
            };
            let asleep = self.kind.sleeps() + pauses.within(span);
            let took = span.to.saturating_duration_since(span.from);
            let fate = fate_of(&innocent, answer);
            report.add(self.kind, &fate, took.saturating_sub(asleep));
            thread::sleep(self.rest);
        }
        report
    }
}
