//! Streams that give much: all of it arrives, and who does not read harms nobody.

use crate::events::{Stream, can_stream, read};
use crate::{eventually, server, skips_as_remote};
use belljar_tests::http::Server;
use serde_json::{Value, json};
use std::time::Duration;

/// Writes a byte in turn to stdout and to stderr, as fast as it can.
const IN_TURN: &str = "import os\nfor _ in range(N):\n    os.write(1, b'o')\n    os.write(2, b'e')";

fn in_turn(count: usize) -> Value {
    json!({ "script": IN_TURN.replace('N', &count.to_string()) })
}

/// The text that the events say was written to stdout and to stderr, and the outcome.
fn told(stream: Stream) -> (String, String, Value) {
    let (mut stdout, mut stderr, mut result) = (String::new(), String::new(), Value::Null);
    for (name, data) in stream.events_at_end() {
        match name.as_str() {
            "stdout" => stdout += data.as_str().expect("text"),
            "stderr" => stderr += data.as_str().expect("text"),
            "result" => result = data,
            other => panic!("{other}"),
        }
    }
    (stdout, stderr, result)
}

#[test]
fn two_thousand_events_over_seconds_all_arrive_in_order() {
    if !can_stream() {
        return;
    }
    // More wake-ups than the 200 that a front once could have.
    let script = "import sys, time\nfor i in range(1000):\n    print(i, flush=True)\n    \
                  print(i, file=sys.stderr, flush=True)\n    time.sleep(0.007)";
    let stream = Stream::ask(&server(), "/run", &json!({ "script": script }));
    let mut order = Vec::new();
    let events = stream.events();
    let (last, events) = events.split_last().expect("a result");
    for told in events {
        for line in told.data.as_str().expect("text").lines() {
            order.push((told.name.clone(), line.to_owned()));
        }
    }
    let expected: Vec<_> = (0..1000)
        .flat_map(|i| [("stdout", i), ("stderr", i)])
        .map(|(name, i)| (name.to_owned(), i.to_string()))
        .collect();
    assert_eq!(order, expected);
    assert_eq!(
        (last.name.as_str(), &last.data["exit_code"]),
        ("result", &json!(0))
    );
}

#[test]
fn sixteen_that_write_bytes_in_turn_are_told_whole() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2"]);
    const COUNT: usize = 5_000;
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let stream = Stream::ask(&server, "/run", &in_turn(COUNT));
            scope.spawn(move || {
                let (stdout, stderr, result) = told(stream);
                assert_eq!(result["exit_code"], 0, "{result}");
                assert_eq!((stdout.len(), stderr.len()), (COUNT, COUNT));
                assert_eq!(json!(stdout), result["stdout"]);
            });
        }
    });
    assert_eq!(server.metric("belljar_worker_restarts_total"), Some(0.0));
}

#[test]
fn who_does_not_read_keeps_only_its_own_script_waiting() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2"]);
    let neighbour = || {
        let body = json!({ "script": "print('me')" }).to_string();
        assert_eq!(server.json("/run", &body).value()["stdout"], "me\n");
    };
    neighbour();
    let before = server.own_memory();
    // Each would be 130 MB of events.
    let unread: Vec<_> = (0..14)
        .map(|_| Stream::ask(&server, "/run", &in_turn(1 << 20)))
        .collect();
    for _ in 0..30 {
        neighbour();
        std::thread::sleep(Duration::from_millis(100));
    }
    let grown = server.own_memory().saturating_sub(before);
    assert!(grown < 64 << 20, "the server grew by {} MiB", grown >> 20);
    assert_eq!(server.metric("belljar_worker_restarts_total"), Some(0.0));
    // They wait, and are stopped at once when their clients go.
    assert_eq!(server.metric("belljar_sandboxes_running"), Some(14.0));
    drop(unread);
    eventually("all are stopped", Duration::from_secs(10), || {
        server.metric("belljar_sandboxes_running") == Some(0.0)
    });
    neighbour();
    assert_eq!(server.metric("belljar_worker_restarts_total"), Some(0.0));
}

#[test]
fn waiting_for_a_reader_counts_as_time() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1"]);
    let mut body = in_turn(1 << 20);
    body["limits"] = json!({ "timeout_ms": 1500 });
    let mut stream = Stream::ask(&server, "/run", &body);
    eventually("it runs", Duration::from_secs(30), || {
        server.metric("belljar_sandboxes_running") == Some(1.0)
    });
    // It never gets to its end, as nobody reads.
    eventually("it was stopped", Duration::from_secs(30), || {
        server.metric("belljar_sandboxes_running") == Some(0.0)
    });
    let mut bytes = [0; 1 << 16];
    assert!(read(&mut stream.connection, &mut bytes) > 0);
    while stream.more() {}
    let text = stream.text();
    assert!(
        text.contains("\"error_type\":\"timeout\""),
        "{}",
        &text[text.len() - 400..]
    );
}
