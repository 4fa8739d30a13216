//! What happens when a worker dies, or goes mad.

use crate::support::{
    PATIENCE, busy, config, echo, fault, job, signal, sleeping, start, until, value,
    without_parking,
};
use belljar::{Event, Executor, FaultKind, Job, Program, Rejection, events};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_that_a_worker_was_killed() {
    let pool = start(config(2, 4)).await;
    let jobs: Vec<_> = (0..200)
        .map(|number| {
            let pool = pool.clone();
            let script = "import time\ndef main(x):\n    time.sleep(0.02)\n    return x";
            let program = Program::function(script).input(number.to_string());
            tokio::spawn(async move { pool.execute(job(program)).await })
        })
        .collect();
    for round in 1..=2 {
        until("a part of it is done", || {
            pool.metrics().ended > 50 * round && pool.status().running > 0
        })
        .await;
        signal(pool.worker_pids()[0], "KILL");
    }
    for (number, job) in jobs.into_iter().enumerate() {
        let outcome = job.await.unwrap().expect("none should be rejected");
        assert_eq!(value(&outcome), number.to_string());
    }
    until("they were replaced", || pool.status().workers == 2).await;
    let metrics = pool.metrics();
    println!("{} were executed again", metrics.retried);
    assert_eq!((metrics.lost, metrics.restarts), (0, 2));
    assert_eq!(metrics.accepted, metrics.ended);
}

/// What is there whenever a worker dies runs alone at last, and is blamed only then.
#[tokio::test(flavor = "multi_thread")]
async fn who_kills_its_worker_each_time_is_blamed_and_nobody_else() {
    let pool = start(config(1, 4)).await;
    let spawn = |job| {
        let pool = pool.clone();
        tokio::spawn(async move { pool.execute(job).await })
    };
    let innocent = spawn(sleeping(3.0));
    until("it is the first", || pool.status().running == 1).await;
    let killer = spawn(busy(29_000));
    for round in 1..=3 {
        let both = if round < 3 { 2 } else { 1 };
        until("it runs", || {
            pool.status().running == both && pool.worker_pids().len() == 1
        })
        .await;
        // In the third round the two are alone, one after the other: the killer came second.
        if round == 3 {
            until("the killer runs", || innocent.is_finished()).await;
            until("the killer runs", || pool.status().running == 1).await;
        }
        signal(pool.worker_pids()[0], "KILL");
        until("it is replaced", || {
            pool.status().restarts == round && pool.status().workers == 1
        })
        .await;
    }
    assert_eq!(value(&innocent.await.unwrap().unwrap()), "42");
    assert_eq!(fault(&killer.await.unwrap().unwrap()), FaultKind::Crashed);
    assert_eq!((pool.metrics().lost, pool.metrics().retried), (1, 4));
    assert_eq!(value(&pool.execute(echo(5)).await.unwrap()), "5");
}

/// What it gave is out: it cannot be given again.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_given_something_is_told_to_come_again() {
    let pool = start(config(1, 4)).await;
    let (sender, mut receiver) = events();
    let script = "import time\nprint('begun', flush=True)\ntime.sleep(20)";
    let streaming = Job {
        events: Some(sender),
        ..job(Program::program(script))
    };
    let execution = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(streaming).await }
    });
    let begun = Event::Stdout(b"begun\n".to_vec());
    while !receiver.next().await.contains(&begun) {}
    signal(pool.worker_pids()[0], "KILL");
    let rejection = execution.await.unwrap().unwrap_err();
    assert!(
        matches!(rejection, Rejection::Unavailable(_)),
        "{rejection}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_all_workers_killed_the_service_is_soon_back() {
    let pool = start(config(2, 2)).await;
    let killed = Instant::now();
    for pid in pool.worker_pids() {
        signal(pid, "KILL");
    }
    until("it is noticed", || pool.status().restarts == 2).await;
    // It waits in the queue: nothing is rejected meanwhile.
    let outcome = pool.execute(echo(1)).await.unwrap();
    let took = killed.elapsed();
    assert_eq!(value(&outcome), "1");
    println!("back after {took:?}");
    assert!(took < Duration::from_secs(5), "took {took:?}");
    until("both are back", || pool.status().workers == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_stuck_is_replaced() {
    let mut config = config(1, 2);
    config.stuck_after = Duration::from_millis(500);
    let pool = start(config).await;
    let execution = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(busy(300)).await }
    });
    until("it runs", || pool.status().running == 1).await;
    let begun = Instant::now();
    signal(pool.worker_pids()[0], "STOP");
    let outcome = execution.await.unwrap().unwrap();
    // It was not its fault, so it is executed again: and never ends there either.
    assert_eq!(fault(&outcome), FaultKind::Timeout);
    assert_eq!(pool.metrics().retried, 1);
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(500), "{took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(value(&pool.execute(echo(3)).await.unwrap()), "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_again_and_again_is_restarted_again_and_again() {
    let pool = start(config(1, 1)).await;
    for round in 1..=4 {
        let pid = pool.worker_pids()[0];
        signal(pid, "KILL");
        until("it was replaced", || {
            pool.status().restarts == round && pool.status().workers == 1
        })
        .await;
        assert_ne!(pool.worker_pids()[0], pid);
    }
    assert_eq!(value(&pool.execute(echo(4)).await.unwrap()), "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_waits_for_what_runs_and_refuses_what_is_new() {
    let pool = start(without_parking(1, 2)).await;
    let running: Vec<_> = (0..4)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.execute(sleeping(0.3)).await })
        })
        .collect();
    until("it is busy", || pool.status().queued == 2).await;
    let pids = pool.worker_pids();
    let shutdown = tokio::spawn({
        let pool = pool.clone();
        async move { pool.shutdown(PATIENCE).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let refused = pool.execute(echo(1)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "no sandbox is available: the service is shutting down"
    );
    for execution in running {
        assert_eq!(value(&execution.await.unwrap().unwrap()), "42");
    }
    shutdown.await.unwrap();
    assert_eq!(pool.status().workers, 0);
    until("the process is gone", || !alive(pids[0])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_cancels_what_does_not_end_in_time() {
    let pool = start(config(1, 1)).await;
    let spawn = |job| {
        let pool = pool.clone();
        tokio::spawn(async move { pool.execute(job).await })
    };
    let running = spawn(busy(30_000));
    until("it runs", || pool.status().running == 1).await;
    let waiting = spawn(echo(1));
    until("one waits", || pool.status().queued == 1).await;
    let start = Instant::now();
    pool.shutdown(Duration::from_millis(100)).await;
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(
        fault(&running.await.unwrap().unwrap()),
        FaultKind::Cancelled
    );
    waiting.await.unwrap().unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_end_when_the_last_handle_is_dropped() {
    let pool = start(config(2, 1)).await;
    let pids = pool.worker_pids();
    drop(pool);
    until("the processes are gone", || {
        !pids.iter().any(|&pid| alive(pid))
    })
    .await;
}

fn alive(pid: u32) -> bool {
    std::fs::exists(format!("/proc/{pid}")).unwrap_or(false)
}
