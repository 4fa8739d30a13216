//! Machines stand still at times: moved to another host, or short of everything.

use crate::{signal, skips_as_remote};
use belljar_tests::http::Server;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_machine_that_stood_still_has_no_stuck_workers() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1"]);
    let processes = [server.workers(), vec![server.pid().expect("ours")]].concat();
    let body = json!({
        "script": "while True: pass",
        "limits": { "timeout_ms": 1_000 },
    });
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| server.json("/run", &body.to_string()));
        std::thread::sleep(Duration::from_millis(500));
        for process in &processes {
            signal(*process, "-STOP");
        }
        // Longer than the deadline, and what a worker may be late with its answer, together.
        std::thread::sleep(Duration::from_secs(4));
        for process in &processes {
            signal(*process, "-CONT");
        }
        let answer = answer.join().expect("an answer");
        answer.refuses(400, "timeout", "");
    });
    assert_eq!(server.metric("belljar_worker_restarts_total"), Some(0.0));
}
