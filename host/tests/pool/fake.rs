//! Workers that lie: what the server makes of them.

use crate::support::{PATIENCE, config, echo, fault, until};
use belljar::pool::{Pool, PoolError};
use belljar::{Completion, Executor, FaultKind, Outcome};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A worker in Python. `on_execute` is what it does with a program: `id` is the execution's number
/// as it travels, `say` sends a message.
pub(crate) fn worker(name: &str, on_execute: &str) -> PathBuf {
    let script = format!(
        r#"#!/usr/bin/env -S PATH=/usr/local/bin:/usr/bin:/bin python3
import os, sys
def receive(count):
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit()
        data += piece
    return data
def message():
    return receive(int.from_bytes(receive(4), "little"))
def raw(data):
    while data:
        data = data[os.write(0, data):]
def say(data):
    raw(len(data).to_bytes(4, "little") + data)
def varint(data):
    end = next(i for i, byte in enumerate(data) if byte < 128)
    return data[:end + 1]
USAGE = bytes(7)
def value(json):
    return bytes([0, 0, len(json)]) + json + bytes(2) + USAGE
message()
say(bytes([0, 1, 4]) + b"fake" + bytes([0, 0]))
while True:
    request = message()
    if request[0] == 1:
        id = varint(request[1:])
        {on_execute}
"#
    );
    executable(name, &script)
}

fn executable(name: &str, script: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    path
}

pub(crate) fn pool(program: PathBuf) -> Pool {
    let mut config = config(1, 1);
    config.program = Some(program);
    config.stuck_after = Duration::from_millis(300);
    Pool::start(config).unwrap()
}

async fn outcome_of(name: &str, on_execute: &str) -> Outcome {
    let pool = pool(worker(name, on_execute));
    pool.execute(echo(1)).await.expect("it should be executed")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fake_worker_speaks_our_language() {
    let outcome = outcome_of("honest", "say(bytes([2]) + id + value(b'[1]'))").await;
    let Completion::Value(json) = &outcome.completion else {
        panic!("{outcome:?}");
    };
    assert_eq!(json.get(), "[1]");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_answers_end_the_worker() {
    for (name, on_execute) in [
        ("noise", "raw(b'\\xff' * 100)"),
        ("too_large", "raw((1 << 30).to_bytes(4, 'little'))"),
        ("unknown_message", "say(bytes([9]))"),
        ("empty_message", "say(b'')"),
        ("cut_short", "say(bytes([2]) + id + bytes([0, 0, 200]))"),
        ("not_json", "say(bytes([2]) + id + value(b'[1'))"),
        ("not_utf8", "say(bytes([2]) + id + value(b'\"\\xff\"'))"),
        ("ready_twice", "say(bytes([0, 0, 0, 0]))"),
        ("ends", "sys.exit()"),
        ("dies", "os.abort()"),
    ] {
        let outcome = outcome_of(name, on_execute).await;
        assert_eq!(fault(&outcome), FaultKind::Crashed, "{name}");
    }
}

/// It can only end its own executions; and the answer to another one does not count as one.
#[tokio::test(flavor = "multi_thread")]
async fn answers_to_what_was_not_asked_are_ignored() {
    let twice = "say(bytes([2, 255, 127]) + value(b'666')); say(bytes([2]) + id + value(b'1'))";
    let outcome = outcome_of("other_ids", twice).await;
    let Completion::Value(json) = &outcome.completion else {
        panic!("{outcome:?}");
    };
    assert_eq!(json.get(), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_never_gets_ready_is_replaced() {
    let mut config = config(1, 1);
    config.program = Some(executable("idle", "#!/bin/sh\nexec /bin/sleep 100\n"));
    config.start_timeout = Duration::from_millis(100);
    let pool = Pool::start(config).unwrap();
    until("it was replaced", || pool.status().restarts >= 2).await;
    let error = pool.ready(Duration::from_millis(1)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no worker got ready: it was not ready in time"
    );
    assert_eq!(pool.status().workers, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_cannot_be_started_is_reported() {
    let error = error_of_starting(PathBuf::from("/nonexistent/belljar")).await;
    assert!(error.contains("could not be started"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_all_fail_to_start_are_reported_at_once_with_the_reason() {
    let fails = |name, body| executable(name, &format!("#!/bin/sh\n{body}\n"));
    let error = error_of_starting(fails("exits", "exit 3")).await;
    assert!(error.contains("(exit status: 3)"), "{error}");
    let error = error_of_starting(fails("is_killed", "kill -SYS $$")).await;
    assert!(error.contains("(signal: 31 (SIGSYS)"), "{error}");
    // A worker that says itself what is wrong: length, number of the message, length, text.
    let says_why = r"printf '\012\000\000\000\001\010no image' >&0; sleep 9";
    let error = error_of_starting(fails("says_why", says_why)).await;
    assert!(error.contains("could not get ready: no image"), "{error}");
}

/// The error of a pool of two such workers, which comes long before its patience is over.
async fn error_of_starting(program: PathBuf) -> String {
    let mut config = config(2, 1);
    config.program = Some(program);
    let pool = Pool::start(config).unwrap();
    let start = Instant::now();
    let error = pool.ready(PATIENCE).await.unwrap_err();
    assert!(start.elapsed() < PATIENCE / 3, "{:?}", start.elapsed());
    let PoolError::NotReady {
        reason: Some(reason),
    } = error
    else {
        panic!("{error:?}");
    };
    reason
}
