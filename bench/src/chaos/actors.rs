//! The clients.

use super::dice::Dice;
use super::mix::{self, FICKLE_ONE_IN, HOSTILE_ONE_IN, Hostilities};
use super::tally::{End, Row, Tally};
use belljar_tests::client::{Answer, Caller, Client, Trouble};
use belljar_tests::http::Server;
use belljar_tests::neighbours::{Fate, Innocent, Kind, PATIENCE, fate_of};
use std::thread;
use std::time::{Duration, Instant};

/// The times that a good client comes again before it gives up.
const TRIES: u32 = 100;

/// The longest that a good client waits before it comes again, whatever it was told.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The time that clients whose share is used up wait before they look again.
const LOOK: Duration = Duration::from_millis(2);

/// Addresses of the three kinds of clients.
const GOOD: u16 = 1;
const HOSTILE: u16 = 1000;
const FICKLE: u16 = 2000;

/// All that clients have in common.
#[derive(Debug)]
pub(super) struct Actors<'a> {
    server: &'a Server,
    hostilities: &'a Hostilities,
    tally: &'a Tally,
    seed: u64,
}

impl<'a> Actors<'a> {
    pub(super) fn new(
        server: &'a Server,
        hostilities: &'a Hostilities,
        tally: &'a Tally,
        seed: u64,
    ) -> Self {
        Self {
            server,
            hostilities,
            tally,
            seed,
        }
    }

    /// Asks for each good thing once, uncounted.
    pub(super) fn warm_up(&self) {
        let mut caller = self.caller(GOOD);
        for kind in Kind::ALL {
            // What is wrong with it shows soon enough.
            let _ = caller.ask(&Innocent::new(kind, 0).request());
        }
    }

    /// A client that asks for good things, and for each until it has it.
    pub(super) fn good(&self, number: u16) {
        let mut caller = self.caller(GOOD + number);
        let mut dice = Dice::new(self.seed, u64::from(GOOD + number));
        let mut request = u32::from(number) << 20;
        while self.tally.take() {
            let innocent = Innocent::new(mix::good(&mut dice), request);
            request += 1;
            let row = Row::Good(innocent.kind());
            self.tally.send(row);
            let end = self.insist(&mut caller, &innocent, row);
            self.tally.end(row, end);
        }
    }

    fn insist(&self, caller: &mut Caller, innocent: &Innocent, row: Row) -> End {
        let request = innocent.request();
        for _ in 0..TRIES {
            let answer = caller.ask(&request);
            let wait = answer.as_ref().map_or(Duration::ZERO, retry_after);
            match fate_of(innocent, answer) {
                Fate::Retry | Fate::CutShort => {
                    self.tally.retry(row);
                    thread::sleep(wait.min(LONGEST_WAIT));
                }
                Fate::Right => return End::Right,
                Fate::Wrong(what) => return End::Wrong(what),
                Fate::Blamed(what) => return End::Blamed(what),
                Fate::Lost(what) => return End::Lost(what),
            }
        }
        End::Lost(format!("sent away {TRIES} times"))
    }

    /// A client that attacks. Its answers may be anything but the server's own fault.
    pub(super) fn hostile(&self, number: u16) {
        let mut caller = self.caller(HOSTILE + number);
        let mut dice = Dice::new(self.seed, u64::from(HOSTILE + number));
        while self.tally.goes_on() {
            if !self.tally.has_share(Row::Hostile, HOSTILE_ONE_IN) || !self.tally.take() {
                thread::sleep(LOOK);
                continue;
            }
            self.tally.send(Row::Hostile);
            let began = Instant::now();
            let answer = caller.ask(self.hostilities.choose(&mut dice));
            let end = match answer {
                Ok(answer) if answer.says_retry() => {
                    self.tally.retry(Row::Hostile);
                    End::Right
                }
                Ok(answer) if answer.status < 500 => End::Right,
                Ok(answer) => End::Blamed(answer.summary()),
                Err(trouble @ (Trouble::Closed | Trouble::Late | Trouble::Lost(_))) => {
                    End::Lost(format!("{trouble}, after {:.0?}", began.elapsed()))
                }
                Err(trouble) => End::Wrong(trouble.to_string()),
            };
            self.tally.end(Row::Hostile, end);
        }
    }

    /// A client that asks for anything, and goes before it has it.
    pub(super) fn fickle(&self, number: u16) {
        let mut caller = self.caller(FICKLE + number);
        let mut dice = Dice::new(self.seed, u64::from(FICKLE + number));
        while self.tally.goes_on() {
            if !self.tally.has_share(Row::Fickle, FICKLE_ONE_IN) || !self.tally.take() {
                thread::sleep(LOOK);
                continue;
            }
            self.tally.send(Row::Fickle);
            let after = Duration::from_micros(dice.below(30_000) as u64);
            let innocent = Innocent::new(mix::good(&mut dice), 1).request();
            let request = match dice.below(10) {
                0 => self.hostilities.choose(&mut dice),
                1..=4 => &innocent[..dice.below(innocent.len())],
                _ => &innocent[..],
            };
            caller.vanish(request, after);
            self.tally.end(Row::Fickle, End::Gone);
        }
    }

    fn caller(&self, number: u16) -> Caller {
        Caller::new(Client::new(self.server, number), PATIENCE)
    }
}

fn retry_after(answer: &Answer) -> Duration {
    let seconds = answer
        .header("retry-after")
        .and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}
