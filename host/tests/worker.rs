//! The command line's program is its own worker: what `belljar serve` starts by default.
//!
//! It needs the image: `belljar runtime build` makes it.

use belljar_pool::{Completion, Executor, Job, Pool, PoolConfig, Program};
use std::process::{Command, Stdio};
use std::time::Duration;

const BELLJAR: &str = env!("CARGO_BIN_EXE_belljar");

#[tokio::test(flavor = "multi_thread")]
async fn the_program_executes_as_a_confined_worker() {
    let mut config = PoolConfig::default();
    config.workers = 1;
    config.sandboxes_per_worker = 1;
    config.program = Some(BELLJAR.into());
    let pool = Pool::start(config).expect("the pool should start");
    let ready = pool.ready(Duration::from_secs(30)).await;
    ready.expect("it should get ready");
    let job = Job {
        program: Program::function("def main(x): return 6 * x").input("7"),
        client: "test".to_owned(),
        request_id: "request".to_owned(),
        events: None,
    };
    let outcome = pool.execute(job).await.expect("it should be executed");
    let Completion::Value(json) = &outcome.completion else {
        panic!("{outcome:?}");
    };
    assert_eq!(json.get(), "42");
    let isolation = pool.status().isolation;
    assert!(
        isolation.contains(&"no_new_privs".to_owned()),
        "{isolation:?}"
    );
}

#[test]
fn a_worker_that_a_person_starts_says_that_it_is_none() {
    let output = Command::new(BELLJAR)
        .arg("worker")
        .stdin(Stdio::null())
        .output()
        .expect("it should start");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("not the socket of a server"), "{said}");
}
