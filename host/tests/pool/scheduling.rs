//! The way through the queue, with real workers. Who runs when is simulated: `pool::simulation`.

use crate::support::{config, echo, job, sleeping, start, until, value, without_parking};
use belljar::{Executor, Limits, Program, Rejection};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn with_too_few_sandboxes_all_wait_their_turn() {
    let pool = start(config(2, 5)).await;
    let executions: Vec<_> = (0..100)
        .map(|number| {
            let pool = pool.clone();
            let script = "import time\ndef main(x):\n    time.sleep(0.05)\n    return x";
            let program = Program::function(script).input(number.to_string());
            tokio::spawn(async move { pool.execute(job(program)).await })
        })
        .collect();
    for (number, execution) in executions.into_iter().enumerate() {
        let outcome = execution.await.unwrap().unwrap();
        assert_eq!(value(&outcome), number.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_ever() {
    let mut config = without_parking(1, 1);
    config.queue_timeout = Duration::from_millis(100);
    let pool = start(config).await;
    let first = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(sleeping(0.5)).await }
    });
    until("it runs", || pool.status().running == 1).await;
    let rejection = pool.execute(echo(1)).await.unwrap_err();
    assert!(
        matches!(rejection, Rejection::Overloaded { .. }),
        "{rejection}"
    );
    assert_eq!(value(&first.await.unwrap().unwrap()), "42");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_acceptable_is_rejected() {
    let pool = start(config(1, 1)).await;
    let too_long = Limits {
        timeout_ms: Some(1 << 40),
        ..Limits::default()
    };
    let rejection = pool
        .execute(job(Program::function("x").limits(too_long)))
        .await
        .unwrap_err();
    assert!(
        matches!(rejection, Rejection::InvalidLimit(_)),
        "{rejection}"
    );
    // Told here, and by the worker.
    let nul = Program::function("x").args(["a\0"]);
    for program in [
        Program::function(" "),
        Program::function("#".repeat(200_000)),
        nul,
    ] {
        let refusal = program.check().unwrap_err();
        let rejection = pool.execute(job(program)).await.unwrap_err();
        assert_eq!(rejection, Rejection::Refused(refusal));
    }
    assert_eq!(pool.status().restarts, 0);
}

/// Larger than what the socket takes at once, in both directions.
#[tokio::test(flavor = "multi_thread")]
async fn large_programs_and_results_arrive_whole() {
    let pool = start(config(2, 2)).await;
    let executions: Vec<_> = (0..8_usize)
        .map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let text = number.to_string().repeat(3_000_000);
                let program =
                    Program::function("def main(x):\n    return x").input(format!("\"{text}\""));
                let outcome = pool.execute(job(program)).await.unwrap();
                assert_eq!(value(&outcome).trim_matches('"'), text);
            })
        })
        .collect();
    for execution in executions {
        execution.await.unwrap();
    }
}
