//! Those who have no token of an executor.

use crate::length::length;
use crate::limits;
use crate::stand::turn;
use belljar_tests::attacks::{Field, before_the_token};
use belljar_tests::http::Server;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TOKEN: &str = "a-token-of-an-executor-for-tests-0123456789";

/// As long as they need to send enough.
const LEAST: Duration = Duration::from_secs(4);

#[test]
fn strangers_take_nothing_from_those_with_a_token() {
    let _turn = turn();
    let server = Server::start_executor(TOKEN, &[]);
    let bearer = format!("Bearer {TOKEN}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "script": "def main(): return 1", "mode": "function" }).to_string();
    let ask = || server.send("POST", "/v1/execute", &headers, body.as_bytes());
    assert_eq!(ask().status, 200);
    let before = server.own_memory();

    let ends = AtomicBool::new(false);
    let field = Field::new(&server, &ends);
    let (mut peak, mut statuses) = (before, Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| before_the_token(&field));
        let began = Instant::now();
        while began.elapsed() < length().attack.max(LEAST) {
            statuses.push(ask().status);
            peak = peak.max(server.own_memory());
            thread::sleep(Duration::from_millis(10));
        }
        ends.store(true, Ordering::Relaxed);
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    // What they send is not kept: their heads are all that there is.
    let grown = peak.saturating_sub(before);
    assert!(grown < 64 << 20, "the executor grew by {} MiB", grown >> 20);
    assert!(limits::too_much(before, peak).is_none());
}
