//! Workers that lie: what the server makes of them.

use crate::support::{PATIENCE, config, echo, fault, until};
use belljar_pool::{
    Completion, Event, Executor, FaultKind, Job, Outcome, Pool, PoolError, Rejection, events,
};
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

/// Whoever says what cannot be true is ended, and what it had is executed elsewhere: here by others of
/// its kind, so in the end that is what the program is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_says_what_cannot_be_true_is_ended() {
    for (name, on_execute) in [
        ("other_ids", "say(bytes([2, 255, 127]) + value(b'666'))"),
        ("tells_another", "say(bytes([4, 255, 127, 3, 0, 1]) + b'x')"),
        (
            "tells_unasked",
            "say(bytes([4]) + id + bytes([3, 0, 1]) + b'x')",
        ),
        ("parks_another", "say(bytes([5, 255, 127, 0]))"),
        (
            "parks_twice",
            "say(bytes([5]) + id + b'\\0'); say(bytes([5]) + id + b'\\0')",
        ),
        ("wakes_unparked", "say(bytes([6]) + id)"),
        ("lives_unasked", "say(bytes([7]))"),
        // Ten thousand empty items, where there can be 32: a list of 10,016.
        (
            "displays_nothing_often",
            "say(bytes([2]) + id + bytes([0, 0, 1]) + b'1' + bytes([0, 0, 160, 78]) \
             + bytes(3 * 10_016 + 6))",
        ),
        // A stream of two megabytes, where there can be one.
        (
            "writes_too_much",
            "say(bytes([2]) + id + bytes([0, 0, 1]) + b'1' + bytes([128, 128, 128, 1]) \
             + bytes((1 << 21) + 8))",
        ),
    ] {
        let outcome = outcome_of(name, on_execute).await;
        assert_eq!(fault(&outcome), FaultKind::Crashed, "{name}");
    }
}

/// Its server would have to keep all of it, for a reader who may never read.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_cannot_tell_more_than_its_script_may_give() {
    for (name, told) in [
        (
            "tells_for_ever",
            "bytes([132, 128, 4, 0, 128, 128, 4]) + bytes(1 << 16)",
        ),
        ("tells_nothing_for_ever", "bytes([2, 0, 0])"),
        ("shows_for_ever", "bytes([4, 2, 0, 0, 0])"),
    ] {
        let on_execute = format!("while True: say(bytes([4]) + id + {told})");
        let pool = pool(worker(name, &on_execute));
        let (sender, mut receiver) = events();
        let job = Job {
            events: Some(sender),
            ..echo(1)
        };
        let ended = pool.execute(job).await;
        let is_lost = matches!(ended, Err(Rejection::Unavailable(_)));
        let has_crashed = ended.is_ok_and(|outcome| fault(&outcome) == FaultKind::Crashed);
        assert!(is_lost || has_crashed, "{name}");
        let mut bytes = 0;
        let mut count = 0;
        loop {
            let some = receiver.take();
            if some.is_empty() {
                break;
            }
            for event in some {
                count += 1;
                if let Event::Stdout(text) = event {
                    bytes += text.len();
                }
            }
        }
        assert!(
            bytes <= 2 << 20 && count <= 64,
            "{name}: {bytes} in {count}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_not_believed_how_it_is_confined() {
    let claims =
        "b''.join(bytes([len(c)]) + c for c in [b'seccomp', b'no_new_privs', b'rlimits', b'fake'])";
    let program = worker("boasts", "pass");
    let text = fs::read_to_string(&program).unwrap();
    let honest = r#"say(bytes([0, 1, 4]) + b"fake" + bytes([0, 0]))"#;
    assert!(text.contains(honest));
    let boasting = format!("say(bytes([0, 4]) + {claims} + bytes([0, 0]))");
    let pool = pool(executable("boasts", &text.replace(honest, &boasting)));
    until("it is ready", || pool.status().workers == 1).await;
    let isolation = pool.status().isolation;
    for claim in ["rlimits", "fake"] {
        assert!(!isolation.contains(&claim.to_owned()), "{isolation:?}");
    }
    assert!(isolation.contains(&"worker_process".to_owned()));
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
