//! Scripts that sleep do not keep others from running.

use crate::support::{busy, config, echo, fault, job, sleeping, start, until, value};
use belljar_pool::{Executor, FaultKind, Job, Limits, Pool, Program};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

fn of(client: &str, job: Job) -> Job {
    Job {
        client: client.to_owned(),
        ..job
    }
}

fn spawn(pool: &Pool, job: Job) -> JoinHandle<String> {
    let pool = pool.clone();
    tokio::spawn(async move { value(&pool.execute(job).await.unwrap()).to_owned() })
}

/// The median time of small programs, one after the other.
async fn median(pool: &Pool, client: &str) -> Duration {
    let mut times = Vec::new();
    for number in 0..41 {
        let begun = Instant::now();
        let outcome = pool.execute(of(client, echo(number))).await.unwrap();
        assert_eq!(value(&outcome), number.to_string());
        times.push(begun.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_that_sleep_keep_nobody_waiting() {
    let pool = start(config(2, 8)).await;
    let quiet = median(&pool, "modest").await;
    let begun = Instant::now();
    let mut sleepers = Vec::new();
    for client in ["a", "b", "c", "d"] {
        for _ in 0..64 {
            sleepers.push(spawn(&pool, of(client, sleeping(8.0))));
        }
    }
    until("all of them sleep", || pool.status().parked == 256).await;
    let among_sleepers = median(&pool, "modest").await;
    println!("{quiet:?} before, {among_sleepers:?} among sleepers");
    assert!(among_sleepers < 20 * quiet.max(Duration::from_micros(500)));
    for sleeper in sleepers {
        assert_eq!(sleeper.await.unwrap(), "42");
    }
    let took = begun.elapsed();
    println!("they took {took:?}");
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert_eq!(pool.metrics().overloaded, 0);
    assert_eq!(pool.status().restarts, 0);
    assert_eq!((pool.status().parked, pool.status().running), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_herd_that_wakes_at_once_is_answered_rightly() {
    let mut config = config(2, 2);
    config.queue_length = 256;
    let pool = start(config).await;
    let script =
        "import time\ndef main(x):\n    time.sleep(max(0, x[1] - time.time()))\n    return x[0]";
    let at = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs_f64()
        + 4.0;
    let herd: Vec<_> = (0..200)
        .map(|number| {
            let program = Program::function(script).input(format!("[{number}, {at}]"));
            spawn(&pool, job(program))
        })
        .collect();
    for (number, one) in herd.into_iter().enumerate() {
        assert_eq!(one.await.unwrap(), number.to_string());
    }
    assert_eq!(pool.metrics().overloaded, 0);
}

/// What cannot be parked, because it never sleeps: one client leaves a place to others all the same.
#[tokio::test(flavor = "multi_thread")]
async fn one_client_cannot_have_all_places() {
    let pool = start(config(1, 4)).await;
    let greedy: Vec<_> = (0..12)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.execute(of("greedy", busy(20_000))).await })
        })
        .collect();
    until("it has what it gets", || pool.status().queued == 9).await;
    let outcome = pool.execute(of("modest", echo(1))).await.unwrap();
    assert_eq!(value(&outcome), "1");
    assert_eq!(pool.status().queued, 9, "nobody else had to end for that");
    for one in greedy {
        one.abort();
    }
    until("all is quiet", || pool.status().running == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_parked_keeps_its_deadline_and_can_be_cancelled() {
    let pool = start(config(1, 1)).await;
    let cancelled: Vec<_> = (0..20)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.execute(sleeping(25.0)).await })
        })
        .collect();
    until("they sleep", || pool.status().parked == 20).await;
    let script = "import time\ndef main():\n    time.sleep(25)";
    let late = job(Program::function(script).limits(Limits {
        timeout_ms: Some(300),
        ..Limits::default()
    }));
    let begun = Instant::now();
    let outcome = pool.execute(late).await.unwrap();
    assert_eq!(fault(&outcome), FaultKind::Timeout);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    for one in cancelled {
        one.abort();
    }
    let begun = Instant::now();
    until("they are gone", || pool.status().running == 0).await;
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(pool.status().restarts, 0);
}

/// Woken, and its place is another's for longer than it has: its time passes.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_its_place_still_has_a_deadline() {
    let pool = start(config(1, 1)).await;
    let script = "import time\ndef main():\n    time.sleep(0.4)\n    return 1";
    let sleeper = job(Program::function(script).limits(Limits {
        timeout_ms: Some(800),
        ..Limits::default()
    }));
    let sleeper = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(sleeper).await }
    });
    until("it sleeps", || pool.status().parked == 1).await;
    let holder = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(of("another", busy(10_000))).await }
    });
    let outcome = sleeper.await.unwrap().unwrap();
    assert_eq!(fault(&outcome), FaultKind::Timeout);
    holder.abort();
    until("all is quiet", || pool.status().running == 0).await;
    assert_eq!(value(&pool.execute(echo(2)).await.unwrap()), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_large_is_not_parked_beyond_the_budget() {
    let mut config = config(1, 2);
    config.parked_bytes = 64 << 20;
    let pool = start(config).await;
    let script = "import time\ndef main():\n    x = bytearray(100_000_000)\n    time.sleep(1)\n    return len(x)";
    let large = spawn(&pool, job(Program::function(script)));
    let small = spawn(&pool, of("another", sleeping(1.0)));
    until("one is parked", || pool.status().parked == 1).await;
    assert_eq!(large.await.unwrap(), "100000000");
    assert_eq!(small.await.unwrap(), "42");
}
