//! A server under attack, with residents.

use crate::length::length;
use crate::limits;
use crate::residents::{live, live_for};
use belljar_tests::attacks::{Attack, Field, give_way};
use belljar_tests::client::Client;
use belljar_tests::http::Server;
use belljar_tests::neighbours::{Fate, Innocent, Kind, Pauses, fate_of};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The number of looks at an attack that made residents wait, in case it was the machine: it is
/// shared, and no ratio is safe from one that is busy with something else.
const ATTEMPTS: usize = 3;

/// The number of problems of an attack that are shown: a hundred scripts tend to have the same one.
const SHOWN: usize = 8;

/// The time that the server may take to be as it was before. Twice what it takes for a spare worker
/// to be replaced.
const RECOVERY: Duration = Duration::from_secs(12);

/// The longest that an attack goes on until it has done enough.
const LONGEST: Duration = Duration::from_secs(180);

/// Something to live through.
pub(crate) struct Siege<'a> {
    pub(crate) name: &'a str,
    /// The least time that it takes.
    pub(crate) least: Duration,
    /// The options of the server, beside the customary ones.
    pub(crate) options: &'a [&'a str],
    /// `true` if it ends workers itself.
    pub(crate) kills_workers: bool,
    /// The attack itself, which goes on until the field ends.
    pub(crate) run: &'a (dyn Fn(&Field<'_>) + Sync),
    /// `true` once it has done what it was to do.
    pub(crate) enough: &'a dyn Fn() -> bool,
    /// The problems of the answers that it got.
    pub(crate) judge: &'a dyn Fn() -> Vec<String>,
}

/// Tests take turns: what they measure is how others are served.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the residents live through this attack.
///
/// # Errors
///
/// The harm that they, or the server, suffered from it.
pub(crate) fn stand(attack: &Attack) -> Result<(), String> {
    Siege {
        name: attack.name,
        least: attack.least,
        options: attack.options,
        kills_workers: attack.kills_workers,
        run: &attack.run,
        enough: &|| true,
        judge: &Vec::new,
    }
    .stand()
}

impl Siege<'_> {
    /// Lets the residents live through it.
    ///
    /// # Errors
    ///
    /// The harm that they, or the server, suffered from it.
    pub(crate) fn stand(&self) -> Result<(), String> {
        let _turn = turn();
        let pauses = Pauses::new();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Found { mut problems, late } = self.look(&pauses);
            problems.extend((self.judge)());
            if problems.is_empty()
                && let Some(late) = &late
                && attempt < ATTEMPTS
            {
                eprintln!("  again: {late}");
                continue;
            }
            if length().whole {
                problems.extend(late);
            } else if let Some(late) = late {
                // In so short a look the hundredth answer is one or two, and a machine that tests
                // something else beside this makes them late: told, and judged by the full form.
                eprintln!("  late: {late}");
            }
            if problems.is_empty() {
                return Ok(());
            }
            let (name, count) = (self.name, problems.len());
            problems.truncate(SHOWN);
            let shown = problems.join("\n- ");
            return Err(format!("{name}, {count} problems:\n- {shown}\n"));
        }
    }

    /// Looks at one server before, during and after the attack.
    fn look(&self, pauses: &Pauses) -> Found {
        let server = Server::start(self.options);
        // The first of everything is slower.
        live_for(&server, pauses, Duration::from_millis(300));
        let quiet = live_for(&server, pauses, length().quiet);
        quiet
            .all_right()
            .unwrap_or_else(|what| panic!("before {:?}: {what}", self.name));
        let before = State::of(&server);

        let ends = AtomicBool::new(false);
        let field = Field::new(&server, &ends);
        let (attacked, peak) = thread::scope(|scope| {
            scope.spawn(|| {
                give_way();
                (self.run)(&field);
            });
            let residents = scope.spawn(|| live(&server, pauses, &ends));
            let peak = self.watch(&server);
            // Residents who still wait have their answers soon after the attack is over, and have
            // waited too long all the same.
            ends.store(true, Ordering::Relaxed);
            (residents.join().expect("residents"), peak)
        });
        eprintln!(
            "{}:\n  quiet: {quiet}\n  under attack: {attacked}\n  peak {} MiB",
            self.name,
            peak >> 20
        );

        let mut problems: Vec<String> = attacked.all_right().err().into_iter().collect();
        problems.extend(limits::too_much(before.memory, peak));
        let faults = field.faults();
        let fault = faults.first();
        problems.extend(fault.map(|fault| format!("an attacker got {fault}")));
        problems.extend(before.is_not(&server, self.kills_workers));
        Found {
            problems,
            late: limits::too_late(&quiet, &attacked),
        }
    }

    /// Waits until it has gone on for long enough; the most memory that the server had meanwhile.
    fn watch(&self, server: &Server) -> u64 {
        let least = length().attack.max(self.least);
        let began = Instant::now();
        let mut peak = 0;
        while began.elapsed() < least || (!(self.enough)() && began.elapsed() < LONGEST) {
            peak = peak.max(server.own_memory());
            thread::sleep(Duration::from_millis(20));
        }
        peak
    }
}

/// The findings at a server.
struct Found {
    problems: Vec<String>,
    /// The complaint that somebody waited too long, which may have been the machine's fault.
    late: Option<String>,
}

/// The state of a server when nobody asks it for anything.
struct State {
    memory: u64,
    restarts: f64,
    failures: f64,
}

impl State {
    fn of(server: &Server) -> Self {
        let metric = |name| server.metric(name).expect("a metric");
        Self {
            memory: server.own_memory(),
            restarts: metric("belljar_worker_restarts_total"),
            failures: metric("belljar_front_failures_total"),
        }
    }

    /// The differences of a server from that after a while.
    fn is_not(&self, server: &Server, kills_workers: bool) -> Vec<String> {
        let mut problems = Vec::new();
        let idle = || {
            server.metric("belljar_sandboxes_running") == Some(0.0)
                && server.metric("belljar_executions_queued") == Some(0.0)
        };
        if !within(RECOVERY, idle) {
            problems.push("scripts of clients that are gone still run".to_owned());
        }
        if !within(RECOVERY, || {
            limits::is_back(self.memory, server.own_memory())
        }) {
            let [before, now] = [self.memory, server.own_memory()].map(|bytes| bytes >> 20);
            problems.push(format!("the server keeps {now} MiB where it had {before}"));
        }
        let now = Self::of(server);
        if now.restarts > self.restarts && !kills_workers {
            let ended = now.restarts - self.restarts;
            problems.push(format!("{ended} workers ended"));
        }
        if now.failures > self.failures {
            let failed = now.failures - self.failures;
            problems.push(format!("the front failed {failed} times"));
        }
        problems.extend(clean(server));
        problems
    }
}

/// One request of each kind; what is wrong with the answers.
fn clean(server: &Server) -> Vec<String> {
    let client = Client::new(server, 900);
    let ask = |kind: Kind| {
        let innocent = Innocent::new(kind, 77);
        let answer = client
            .connect(Duration::from_secs(20))
            .map_err(|error| format!("no connection: {error}"))
            .map(|mut connection| connection.ask(&innocent.request()));
        match answer.map(|answer| fate_of(&innocent, answer)) {
            Ok(Fate::Right) => None,
            other => Some(format!("afterwards, {}: {other:?}", kind.name())),
        }
    };
    Kind::ALL.into_iter().filter_map(ask).collect()
}

fn within(time: Duration, holds: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if holds() {
            return true;
        }
        if began.elapsed() > time {
            return false;
        }
        thread::sleep(Duration::from_millis(50));
    }
}
