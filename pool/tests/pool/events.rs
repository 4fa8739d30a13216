//! What comes while a script runs, and who does not read it.

use crate::fake::{pool, worker};
use crate::support::{config, echo, job, start, until, value};
use belljar_pool::{
    Completion, Event, EventSender, Executor, Job, Limits, Program, Rejection, events,
};
use std::time::Duration;

/// Writes a byte in turn to stdout and to stderr: more than it may, and 130 MB of events.
const IN_TURN: &str = "import os\nwhile True:\n    os.write(1, b'o')\n    os.write(2, b'e')";

/// The most that may be ahead of a reader, in events of one byte.
const AHEAD: usize = (256 << 10) / 65 + 1;

fn in_turn(sender: EventSender) -> Job {
    let limits = Limits {
        timeout_ms: Some(25_000),
        ..Limits::default()
    };
    let mut job = job(Program::program(IN_TURN).limits(limits));
    job.events = Some(sender);
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_keeps_its_own_script_waiting_and_no_other() {
    let pool = start(config(1, 2)).await;
    let (sender, mut receiver) = events();
    let flooding = tokio::spawn({
        let (pool, job) = (pool.clone(), in_turn(sender));
        async move { pool.execute(job).await }
    });
    until("it runs", || pool.status().running == 1).await;
    for number in 0..20 {
        let outcome = pool.execute(echo(number)).await.unwrap();
        assert_eq!(value(&outcome), number.to_string());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    flooding.abort();
    until("it is stopped", || pool.status().running == 0).await;
    let mut ahead = 0;
    loop {
        let some = receiver.take();
        if some.is_empty() {
            break;
        }
        ahead += some
            .iter()
            .filter(|event| **event != Event::Started)
            .count();
    }
    assert!((1..=AHEAD + 1).contains(&ahead), "{ahead} events");
    assert_eq!(pool.status().restarts, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_goes_on_when_it_is_read() {
    let pool = start(config(1, 2)).await;
    let (sender, mut receiver) = events();
    let mut running = tokio::spawn({
        let (pool, job) = (pool.clone(), in_turn(sender));
        async move { pool.execute(job).await }
    });
    let (mut stdout, mut stderr) = (0, 0);
    let mut count = |events: Vec<Event>| {
        for event in events {
            match event {
                Event::Started => {}
                Event::Stdout(bytes) => stdout += bytes.len(),
                Event::Stderr(bytes) => stderr += bytes.len(),
                Event::Display(item) => panic!("{item:?}"),
            }
        }
    };
    let outcome = loop {
        tokio::select! {
            biased;
            events = receiver.next() => count(events),
            ended = &mut running => break ended.unwrap().unwrap(),
        }
    };
    loop {
        let rest = receiver.take();
        if rest.is_empty() {
            break;
        }
        count(rest);
    }
    // Far more than what it may be ahead, and all that was kept of it.
    assert!(stdout > 10 * AHEAD, "{stdout} bytes");
    assert_eq!(
        (stdout, stderr),
        (outcome.stdout.len(), outcome.stderr.len())
    );
    assert_eq!(pool.status().restarts, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_want_events_any_more_keeps_no_script_waiting() {
    let pool = start(config(1, 1)).await;
    let (sender, receiver) = events();
    let script = "import os\nfor _ in range(20_000):\n    os.write(1, b'o')\n    os.write(2, b'e')";
    let mut writing = job(Program::program(script));
    writing.events = Some(sender);
    drop(receiver);
    let outcome = pool.execute(writing).await.expect("a sandbox");
    assert!(
        matches!(outcome.completion, Completion::Exited(0)),
        "{outcome:?}"
    );
    assert_eq!(outcome.stdout.len(), 20_000);
}

/// Tells 200,000 events of no bytes, which count 64 each.
const FLOOD: &str = "say(bytes([4]) + id + bytes([128, 181, 24]) + bytes(400_000)); \
                     say(bytes([2]) + id + value(b'1'))";

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_tells_more_than_is_read_is_ended() {
    let pool = pool(worker("flood", FLOOD));
    let (sender, receiver) = events();
    let mut asked = echo(1);
    asked.events = Some(sender);
    // What it told may have been read, so it is not executed again.
    let rejection = pool.execute(asked).await.unwrap_err();
    let is_lost = matches!(rejection, Rejection::Unavailable(_));
    assert!(is_lost, "{rejection}");
    until("it is replaced", || pool.status().restarts >= 1).await;
    drop(receiver);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_noise_end_the_worker() {
    let noise = "say(bytes([4]) + id + bytes([3, 9, 9, 9])); say(bytes([2]) + id + value(b'1'))";
    let pool = pool(worker("noisy_events", noise));
    let (sender, receiver) = events();
    let mut asked = echo(1);
    asked.events = Some(sender);
    // What it told may have been read, so it is not executed again.
    let rejection = pool.execute(asked).await.unwrap_err();
    let is_lost = matches!(rejection, Rejection::Unavailable(_));
    assert!(is_lost, "{rejection}");
    drop(receiver);
}
