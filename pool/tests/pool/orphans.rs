//! No worker outlives its server.

use crate::support::{PATIENCE, busy, config, start, until};
use belljar_pool::Executor;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a server does until it is killed: run by [`a_killed_server_leaves_no_workers`].
#[tokio::test(flavor = "multi_thread")]
#[ignore = "not a test: another one runs it as a process of its own"]
async fn server() {
    let pool = start(config(2, 1)).await;
    for _ in 0..2 {
        let pool = pool.clone();
        tokio::spawn(async move { pool.execute(busy(20_000)).await });
    }
    until("both are busy", || pool.status().running == 2).await;
    println!("\nworkers {:?}", pool.worker_pids());
    tokio::time::sleep(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_leaves_no_workers() {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "orphans::server", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(server.stdout.take().unwrap());
    let line = output
        .lines()
        .map_while(Result::ok)
        .find(|line| line.starts_with("workers "))
        .expect("it should name its workers");
    let pids: Vec<u32> = line
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert_eq!(pids.len(), 2, "{line}");
    server.kill().unwrap();
    server.wait().unwrap();
    until("the workers are gone", || {
        // One that nobody has waited for yet has no memory any more.
        pids.iter().all(|pid| {
            std::fs::read_to_string(format!("/proc/{pid}/status"))
                .map_or(true, |status| !status.contains("VmRSS"))
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_ends_with_its_connection() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut worker = Command::new(env!("CARGO_BIN_EXE_belljar-worker"))
        .arg("worker")
        .stdin(OwnedFd::from(theirs))
        .spawn()
        .unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(worker.try_wait().unwrap().is_none());
    drop(ours);
    until("it ends", || worker.try_wait().unwrap().is_some()).await;
    assert!(worker.wait().unwrap().success());
}

#[test]
fn a_worker_without_a_server_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_belljar-worker"))
        .arg("worker")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("not the socket of a server"), "{said}");
}
