//! Whoever no longer waits frees what they had.

use crate::support::{busy, config, echo, sleeping, start, until, value, without_parking};
use belljar::pool::Pool;
use belljar::{Executor, Job};
use std::time::{Duration, Instant};

/// The time within which a place is free again after its client is gone.
const RELEASE: Duration = Duration::from_millis(100);

/// Whether one of five abandoned executions frees its sandbox within [`RELEASE`].
///
/// The machine may stand still for as long now and then, but hardly five times in a row; each of
/// them would otherwise go on for 20 seconds and more.
async fn is_released(pool: &Pool, job: impl Fn() -> Job) -> bool {
    for _ in 0..5 {
        let took = release_time(pool, job()).await;
        assert!(took < Duration::from_secs(5), "{took:?}");
        if took < RELEASE {
            return true;
        }
    }
    false
}

/// Drops an execution while it runs, and returns how long its sandbox took to be free.
async fn release_time(pool: &Pool, job: Job) -> Duration {
    let before = pool.metrics().release_time;
    let execution = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(job).await }
    });
    until("it runs", || pool.status().running == 1).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let dropped = Instant::now();
    execution.abort();
    until("its sandbox is free", || pool.status().running == 0).await;
    let took = dropped.elapsed();
    let after = pool.metrics().release_time;
    assert_eq!(after.count(), before.count() + 1);
    println!("released after {:?}", after.sum - before.sum);
    took
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_script_is_stopped() {
    let pool = start(config(1, 1)).await;
    assert!(is_released(&pool, || busy(30_000)).await);
    assert_eq!(value(&pool.execute(echo(1)).await.unwrap()), "1");
    assert_eq!(pool.status().restarts, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeping_script_is_stopped() {
    let pool = start(config(1, 1)).await;
    assert!(is_released(&pool, || sleeping(20.0)).await);
    assert!(pool.metrics().abandoned >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_script_never_runs() {
    let pool = start(without_parking(1, 1)).await;
    let first = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(sleeping(0.3)).await }
    });
    until("it runs", || pool.status().running == 1).await;
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(sleeping(20.0)).await }
    });
    until("it waits", || pool.status().queued == 1).await;
    second.abort();
    until("it is gone", || pool.status().queued == 0).await;
    assert_eq!(value(&first.await.unwrap().unwrap()), "42");
    let metrics = pool.metrics();
    assert_eq!((metrics.abandoned, metrics.queue_wait.count()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_come_and_go_leave_nothing_behind() {
    let pool = start(config(2, 2)).await;
    let executions: Vec<_> = (0..300)
        .map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let job = if number % 3 == 0 {
                    busy(20_000)
                } else {
                    sleeping(10.0)
                };
                let patience = Duration::from_micros(number * 37 % 5_000);
                tokio::time::timeout(patience, pool.execute(job)).await
            })
        })
        .collect();
    for execution in executions {
        execution
            .await
            .unwrap()
            .expect_err("nobody waits that long");
    }
    until("all is quiet", || {
        let status = pool.status();
        status.running == 0 && status.queued == 0
    })
    .await;
    assert_eq!(pool.status().restarts, 0);
    let metrics = pool.metrics();
    assert_eq!(metrics.accepted, metrics.ended);
    assert_eq!(value(&pool.execute(echo(5)).await.unwrap()), "5");
}
