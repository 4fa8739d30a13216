//! The chaos run: good and hostile requests at once, workers that are killed, clients that go.
//!
//! Unlike the other benchmarks it fails: whoever asked for something good and stayed has its one
//! right answer in the end, or something is broken.

mod actors;
mod dice;
mod killer;
mod mix;
mod tally;

use actors::Actors;
use anyhow::{Result, bail};
use belljar_tests::http::Server;
use belljar_tests::neighbours::{SERVER_KEPT_BYTES, SERVER_PEAK_BYTES};
use clap::Args;
use killer::Killer;
use mix::Hostilities;
use std::time::{Duration, Instant};
use tally::Tally;

/// The events of a chaos run, and its length.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Requests, all kinds together
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    /// The most seconds that it takes, whatever was sent until then
    #[arg(long, default_value_t = 3_600)]
    seconds: u64,
    /// Decides who asks for what, and when: another seed is another run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Clients that ask for good things and stay
    #[arg(long, default_value_t = 48)]
    good: u16,
    /// Clients that attack
    #[arg(long, default_value_t = 12)]
    hostile: u16,
    /// Clients that go before their answer
    #[arg(long, default_value_t = 4)]
    fickle: u16,
    /// The mean of the seconds between two deaths of workers; 0 kills none
    #[arg(long, default_value_t = 2.0)]
    kill_seconds: f64,
}

/// The time that the server may take to be as it was before.
const RECOVERY: Duration = Duration::from_secs(30);

/// The time between two reports of progress, on standard error.
const PROGRESS: Duration = Duration::from_secs(15);

pub(crate) fn run(options: &Options) -> Result<()> {
    println!(
        "{} good, {} hostile and {} fickle clients, each at an address of its own; seed {}.\n",
        options.good, options.hostile, options.fickle, options.seed
    );
    let server = Server::start(&[]);
    let hostilities = Hostilities::new();
    if !mix::let_scripts_begin(&server) {
        bail!(
            "the limits of attacks (`mix.rs`) end every script before it begins: they attack nobody"
        );
    }
    let tally = Tally::new(options.requests);
    let actors = Actors::new(&server, &hostilities, &tally, options.seed);
    // What the server has once everything was used once.
    actors.warm_up();
    let before = server.own_memory();
    let began = Instant::now();
    let (killed, peak) = std::thread::scope(|scope| {
        for number in 0..options.good {
            let actors = &actors;
            scope.spawn(move || actors.good(number));
        }
        for number in 0..options.hostile {
            let actors = &actors;
            scope.spawn(move || actors.hostile(number));
        }
        for number in 0..options.fickle {
            let actors = &actors;
            scope.spawn(move || actors.fickle(number));
        }
        let mut killer = Killer::new(options.seed, options.kill_seconds);
        let mut peak = before;
        let mut reported = began;
        while tally.goes_on() {
            std::thread::sleep(Duration::from_millis(50));
            killer.act(&server);
            peak = peak.max(server.own_memory());
            if began.elapsed() > Duration::from_secs(options.seconds) {
                tally.stop();
            }
            if reported.elapsed() > PROGRESS {
                reported = Instant::now();
                eprintln!("{}", tally.progress(began.elapsed()));
            }
        }
        (killer.killed(), peak)
    });
    let elapsed = began.elapsed();
    println!("{}", tally.table());
    let mut problems = tally.problems();
    let recovered = recover(&server, before);
    let failures = server.metric("belljar_front_failures_total").unwrap_or(0.0);
    let restarts = server
        .metric("belljar_worker_restarts_total")
        .unwrap_or(0.0);
    println!(
        "{} requests in {:.0} s, {:.0} a second; {killed} workers killed, {restarts} restarted; \
         server's own memory {} MiB before, {} at most, {} afterwards.",
        tally.sent(),
        elapsed.as_secs_f64(),
        tally.sent() as f64 / elapsed.as_secs_f64(),
        before >> 20,
        peak >> 20,
        server.own_memory() >> 20
    );
    problems.extend(recovered.err());
    if peak > before + SERVER_PEAK_BYTES {
        let allowed = SERVER_PEAK_BYTES >> 20;
        problems.push(format!("the server grew by more than {allowed} MiB"));
    }
    if failures > 0.0 {
        problems.push(format!("the front failed {failures} times"));
    }
    if restarts > killed as f64 {
        let others = restarts - killed as f64;
        problems.push(format!("{others} workers ended that nobody killed"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!(
        "this should not have happened:\n- {}",
        problems.join("\n- ")
    )
}

/// Waits until nothing runs any more and the server has given back what it took.
fn recover(server: &Server, before: u64) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let runs = server.metric("belljar_sandboxes_running").unwrap_or(0.0);
        let now = server.own_memory();
        if runs == 0.0 && now <= before + SERVER_KEPT_BYTES {
            return Ok(());
        }
        if began.elapsed() > RECOVERY {
            return Err(format!(
                "afterwards {runs} scripts run, and the server keeps {} MiB where it had {}",
                now >> 20,
                before >> 20
            ));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
