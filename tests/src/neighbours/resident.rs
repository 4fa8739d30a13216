//! A client that does nothing wrong.

use super::{Innocent, Kind, Pauses, Report, Span};
use crate::client::{Answer, Client, Connection, Trouble};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that it waits for an answer. Longer than anything that may be right: who waits this
/// long has been failed.
const PATIENCE: Duration = Duration::from_secs(45);

/// After so many requests it opens a new connection: a newcomer is let in, too.
const REQUESTS_A_CONNECTION: u32 = 8;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its one right answer.
    Right,
    /// It was told to come again later.
    Retry,
    /// An answer with 200 that is not its own, or not all of it.
    Wrong(String),
    /// It was told that it failed, which it did not.
    Blamed(String),
    /// No answer.
    Lost(String),
}

/// What became of a request, by its answer.
pub fn fate_of(innocent: &Innocent, answer: Result<Answer, Trouble>) -> Fate {
    match answer {
        Err(trouble) => Fate::Lost(trouble.to_string()),
        Ok(answer) if answer.says_retry() => Fate::Retry,
        Ok(answer) if answer.status != 200 => Fate::Blamed(answer.summary()),
        Ok(answer) => match innocent.check(&answer) {
            Ok(()) => Fate::Right,
            // A stream is 200 whatever then becomes of the script.
            Err(what) if answer.text().contains("\"error_type\"") => Fate::Blamed(what),
            Err(what) => Fate::Wrong(what),
        },
    }
}

/// A client at an address of its own, with requests of one kind.
#[derive(Debug)]
pub struct Resident {
    client: Client,
    kind: Kind,
    /// What it does between two requests.
    rest: Duration,
    connection: Option<Connection>,
    asked: u32,
    first: u32,
}

impl Resident {
    /// A client of this number that asks for this kind of thing, and rests between two requests.
    pub fn new(client: Client, number: u16, kind: Kind, rest: Duration) -> Self {
        Self {
            client,
            kind,
            rest,
            connection: None,
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
            let answer = self.ask(&innocent);
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

    /// Asks once, and again if the connection had been closed before it was used again.
    fn ask(&mut self, innocent: &Innocent) -> Result<Answer, Trouble> {
        let request = innocent.request();
        let kept = self.connection.take();
        if let Some(mut kept) = kept.filter(|_| !self.asked.is_multiple_of(REQUESTS_A_CONNECTION)) {
            match kept.ask(&request) {
                Err(Trouble::Closed) => {}
                answer => {
                    self.keep(kept, &answer);
                    return answer;
                }
            }
        }
        let mut new = self
            .client
            .connect(PATIENCE)
            .map_err(|error| Trouble::Lost(format!("no connection: {error}")))?;
        let answer = new.ask(&request);
        self.keep(new, &answer);
        answer
    }

    fn keep(&mut self, connection: Connection, answer: &Result<Answer, Trouble>) {
        let closes = |answer: &Answer| {
            answer
                .header("connection")
                .is_some_and(|value| value.eq_ignore_ascii_case("close"))
        };
        if answer.as_ref().is_ok_and(|answer| !closes(answer)) {
            self.connection = Some(connection);
        }
    }
}
