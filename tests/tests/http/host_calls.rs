//! Clients whose scripts keep the host busy, and their neighbours.

use crate::{is_remote, server, skips_as_remote};
use belljar_tests::host_calls;
use belljar_tests::http::Server;
use serde_json::json;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

fn restarts(server: &Server) -> f64 {
    server
        .metric("belljar_worker_restarts_total")
        .expect("its metrics")
}

/// A neighbour's answer is right.
fn good(server: &Server) {
    let answer = server.json("/run", &json!({"script": "print(1)"}).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.value()["stdout"], "1\n");
}

#[test]
fn a_script_that_keeps_the_host_busy_ends_and_its_neighbours_are_served() {
    let server = server();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                good(&server);
            }
        });
        // Also when an answer is wrong: else the neighbour would go on for ever.
        let _over = Over(&is_over);
        for (name, script) in host_calls::scripts() {
            // Other editions have other paths, or no file at all: then Python says so at once.
            let limits = json!({"timeout_ms": 300});
            let body = json!({"script": script, "limits": limits}).to_string();
            let answer = server.json("/run", &body);
            if !is_remote() {
                answer.refuses(400, "timeout", "300 ms");
            }
            assert!(answer.status < 500, "{name}: {}", answer.body);
        }
    });
}

/// Says, when dropped, that it is over.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Each of them held its worker for a second and more, which was taken for stuck.
#[test]
fn many_that_leave_a_busy_host_do_not_end_its_workers() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2", "--sandboxes", "8"]);
    let script = "import os\nf = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)\n\
                  while True: os.pread(f, 1 << 26, 0)";
    let body = json!({"script": script, "limits": {"timeout_ms": 20_000}}).to_string();
    let request = format!(
        "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut attackers: Vec<_> = (0..16).map(|_| server.connect()).collect();
    for attacker in &mut attackers {
        attacker.write_all(request.as_bytes()).expect("it is sent");
    }
    thread::sleep(Duration::from_millis(500));
    drop(attackers);
    for _ in 0..20 {
        good(&server);
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(restarts(&server), 0.0);
}

#[test]
fn words_that_grow_when_they_are_decoded_end_no_worker() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1", "--sandboxes", "4"]);
    let attack = "import _host; N=(2<<20)-20
f=b'\\x04'+bytes([10])+N.to_bytes(4,'little')+b'text/plain'+b'\\xff'*N; _host.call(f); _host.call(f)";
    let neighbour = "import time\ntime.sleep(3)\nprint('neighbour')";
    thread::scope(|scope| {
        let neighbours: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| server.json("/run", &json!({ "script": neighbour }).to_string()))
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        let answer = server.json("/run", &json!({ "script": attack }).to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.value()["truncated"], json!(["display"]));
        for neighbour in neighbours {
            let answer = neighbour.join().expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.value()["stdout"], "neighbour\n");
        }
    });
    assert_eq!(restarts(&server), 0.0);
}
