//! What the tests share.

use belljar_pool::{
    Completion, Executor, FaultKind, Job, Limits, Outcome, Pool, PoolConfig, Program,
};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Generous: the machine may be busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Returns its input.
pub(crate) const ECHO: &str = "def main(x=42):\n    return x";

/// Never ends by itself, and never sleeps.
pub(crate) const BUSY: &str = "def main():\n    while True:\n        pass";

pub(crate) fn config(workers: u32, sandboxes_per_worker: u32) -> PoolConfig {
    let mut config = PoolConfig::default();
    config.workers = workers;
    config.sandboxes_per_worker = sandboxes_per_worker;
    config.program = Some(PathBuf::from(env!("CARGO_BIN_EXE_belljar-worker")));
    config
}

/// For tests in which whatever sleeps keeps its place.
pub(crate) fn without_parking(workers: u32, sandboxes_per_worker: u32) -> PoolConfig {
    let mut config = config(workers, sandboxes_per_worker);
    config.parked_per_worker = 0;
    config
}

/// A pool all of whose workers are ready.
pub(crate) async fn start(config: PoolConfig) -> Pool {
    let workers = config.workers;
    let pool = Pool::start(config).expect("the pool should start");
    pool.ready(PATIENCE).await.expect("it should get ready");
    until("all workers are ready", || pool.status().workers == workers).await;
    pool
}

pub(crate) fn job(program: Program) -> Job {
    Job {
        program,
        client: "test".to_owned(),
        request_id: "request".to_owned(),
        events: None,
    }
}

pub(crate) fn echo(number: u64) -> Job {
    job(Program::function(ECHO).input(number.to_string()))
}

pub(crate) fn sleeping(seconds: f64) -> Job {
    let script = format!("import time\ndef main():\n    time.sleep({seconds})\n    return 42");
    job(Program::function(script))
}

pub(crate) fn busy(timeout_ms: u64) -> Job {
    job(Program::function(BUSY).limits(Limits {
        timeout_ms: Some(timeout_ms),
        ..Limits::default()
    }))
}

/// The JSON that `main` returned.
pub(crate) fn value(outcome: &Outcome) -> &str {
    match &outcome.completion {
        Completion::Value(json) => json.get(),
        other => panic!("no value: {other:?}"),
    }
}

pub(crate) fn fault(outcome: &Outcome) -> FaultKind {
    match &outcome.completion {
        Completion::Fault(fault) => fault.kind,
        other => panic!("no fault: {other:?}"),
    }
}

/// Waits until something is true.
pub(crate) async fn until(what: &str, mut test: impl FnMut() -> bool) {
    let start = Instant::now();
    while !test() {
        assert!(start.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub(crate) fn signal(pid: u32, signal: &str) {
    let status = std::process::Command::new("kill")
        .args(["-s", signal, &pid.to_string()])
        .status()
        .expect("there should be a `kill`");
    assert!(status.success(), "kill -s {signal} {pid}");
}
