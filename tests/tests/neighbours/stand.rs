//! A server under attack, with residents.

use crate::length::length;
use crate::limits;
use belljar_tests::attacks::{Attack, Field};
use belljar_tests::client::Client;
use belljar_tests::http::Server;
use belljar_tests::neighbours::{Fate, Innocent, Kind, Pauses, Report, Resident, fate_of};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Who lives beside the attacker: what they ask for, and how many there are.
const RESIDENTS: [(Kind, u16); 3] = [(Kind::Tiny, 3), (Kind::Pandas, 2), (Kind::Stream, 2)];

/// What residents do between two requests.
const REST: Duration = Duration::from_millis(10);

/// How often an attack that made residents wait is looked at again, in case it was the machine:
/// it is shared, and no ratio is safe from one that is busy with something else.
const ATTEMPTS: usize = 3;

/// How long the server may take to be as it was before. Twice what it takes for a spare worker to
/// be replaced.
const RECOVERY: Duration = Duration::from_secs(12);

/// What else is to be true of the answers to an attack.
type Judge<'a> = &'a dyn Fn() -> Vec<String>;

/// Tests take turns: what they measure is how others are served.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the residents live through this attack.
#[track_caller]
pub(crate) fn stand(attack: &Attack) {
    stand_through(
        attack.name,
        attack.least,
        attack.kills_workers,
        attack.run,
        &Vec::new,
    );
}

/// The same for anything that goes on until the field ends.
#[track_caller]
pub(crate) fn stand_through(
    name: &str,
    least: Duration,
    kills_workers: bool,
    run: impl Fn(&Field<'_>) + Sync,
    judge: Judge<'_>,
) {
    let _turn = turn();
    let pauses = Pauses::new();
    let time = length().attack.max(least);
    for attempt in 1..=ATTEMPTS {
        let server = Server::start(&[]);
        // The first of everything is slower.
        live(&server, &pauses, Duration::from_millis(300));
        let quiet = live(&server, &pauses, length().quiet);
        quiet
            .all_right()
            .unwrap_or_else(|what| panic!("before {name:?}: {what}"));
        let before = State::of(&server);

        let ends = AtomicBool::new(false);
        let field = Field::new(&server, &ends);
        let (attacked, peak) = thread::scope(|scope| {
            let attack = scope.spawn(|| run(&field));
            let (report, peak) = live_and_watch(&server, &pauses, time);
            ends.store(true, Ordering::Relaxed);
            attack
                .join()
                .expect("an attack without an error of its own");
            (report, peak)
        });
        eprintln!(
            "{name}:\n  quiet: {quiet}\n  under attack: {attacked}\n  peak {} MiB",
            peak >> 20
        );

        let mut problems: Vec<String> = attacked.all_right().err().into_iter().collect();
        problems.extend(limits::too_much(before.memory, peak));
        problems.extend(
            field
                .faults()
                .first()
                .map(|fault| format!("an attacker got {fault}")),
        );
        problems.extend(judge());
        problems.extend(before.is_not(&server, kills_workers));
        let late = limits::too_late(&quiet, &attacked);
        if problems.is_empty() && late.is_some() && attempt < ATTEMPTS {
            eprintln!("  again: {}", late.unwrap_or_default());
            continue;
        }
        problems.extend(late);
        assert!(
            problems.is_empty(),
            "{name}:\n- {}\n",
            problems.join("\n- ")
        );
        return;
    }
}

/// What the residents go through in so much time.
fn live(server: &Server, pauses: &Pauses, time: Duration) -> Report {
    let began = Instant::now();
    let until = move || began.elapsed() >= time;
    let mut number = 0;
    let mut report = Report::default();
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (kind, count) in RESIDENTS {
            for _ in 0..count {
                number += 1;
                let client = Client::new(server, number);
                let mut resident = Resident::new(client, number, kind, REST);
                threads.push(scope.spawn(move || resident.live(pauses, &until)));
            }
        }
        for thread in threads {
            report.merge(thread.join().expect("a resident"));
        }
    });
    report
}

/// The same, and the most memory that the server had.
fn live_and_watch(server: &Server, pauses: &Pauses, time: Duration) -> (Report, u64) {
    let peak = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                peak.fetch_max(server.own_memory(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        });
        let report = live(server, pauses, time);
        over.store(true, Ordering::Relaxed);
        report
    });
    (report, peak.into_inner())
}

/// What a server is like when nobody asks it for anything.
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

    /// How a server differs from that after a while.
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
