//! Ordinary use that once was enough to fail.

use crate::stand::turn;
use belljar_tests::client::Client;
use belljar_tests::http::Server;
use belljar_tests::neighbours::post;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_stream_of_hundreds_of_events_comes_whole() {
    let _turn = turn();
    let server = Server::start(&[]);
    let script =
        "import time\nfor i in range(400):\n    print(i, flush=True)\n    time.sleep(0.03)";
    let request = post(
        "/run",
        "text/event-stream",
        &json!({ "script": script }).to_string(),
    );
    let client = Client::new(&server, 1);
    let mut connection = client
        .connect(Duration::from_secs(60))
        .expect("a connection");
    let answer = connection.ask(&request).expect("a whole answer");
    let events = answer.events().expect("events");
    let told: String = events
        .iter()
        .filter(|event| event.name == "stdout")
        .filter_map(|event| event.data.as_str())
        .collect();
    let expected: String = (0..400).map(|line| format!("{line}\n")).collect();
    assert_eq!(told, expected, "{}", answer.summary());
    let last = events.last().expect("a result");
    assert_eq!(
        (last.name.as_str(), &last.data["exit_code"]),
        ("result", &json!(0))
    );
    // They came in turn: not held back until there was no more.
    assert!(events.len() > 100, "{} events", events.len());
    assert_eq!(server.metric("belljar_front_failures_total"), Some(0.0));
}

#[test]
fn two_clients_draw_numbers_of_their_own() {
    let _turn = turn();
    let server = Server::start(&[]);
    let script = "
import os, random, sqlite3, uuid
import numpy as np
def main():
    db = sqlite3.connect(':memory:')
    drawn = db.execute('select random(), hex(randomblob(8))').fetchone()
    return [*drawn, random.random(), str(uuid.uuid4()), os.urandom(8).hex(),
            float(np.random.rand()), float(np.random.default_rng().random())]";
    let body = json!({ "script": script }).to_string();
    let draw = || server.json("/execute", &body).value()["result"].clone();
    let (one, other) = (draw(), draw());
    let (one, other) = (
        one.as_array().expect("a list"),
        other.as_array().expect("a list"),
    );
    assert_eq!(one.len(), 7, "{one:?}");
    for (place, (one, other)) in one.iter().zip(other).enumerate() {
        assert_ne!(
            one, other,
            "the generator at {place} gives everybody the same"
        );
    }
}
