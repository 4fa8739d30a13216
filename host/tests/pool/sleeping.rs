//! Scripts that sleep, in real workers. Who gets their places meanwhile is simulated: `pool::simulation`.

use crate::support::{busy, config, echo, fault, job, sleeping, start, until, value};
use belljar::pool::Pool;
use belljar::{Executor, FaultKind, Job, Limits, Program};
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
    let outcome = pool.execute(late).await.unwrap();
    assert_eq!(fault(&outcome), FaultKind::Timeout);
    for one in cancelled {
        one.abort();
    }
    until("they are gone", || pool.status().running == 0).await;
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
