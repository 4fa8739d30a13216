//! One client cannot keep out another: each attack is made from an address of its own, while a
//! neighbour asks from another.

use crate::{eventually, skips_as_remote};
use belljar_tests::http::{Server, answered};
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The last number of the addresses.
const ATTACKER: u8 = 2;
const NEIGHBOUR: u8 = 3;

const SOON: Duration = Duration::from_secs(60);

/// The neighbour asks so often, one request after the other, and each has its answer.
fn neighbour_is_served(server: &Server, times: u32) {
    let body = json!({"script": "print(1)"}).to_string();
    for time in 0..times {
        let (status, answer) = server.json_as(NEIGHBOUR, "/run", &body);
        assert_eq!(status, 200, "request {time}: {answer}");
        assert!(answer.contains(r#""stdout":"1\n""#), "{answer}");
    }
}

fn head(length: usize) -> String {
    format!(
        "POST /run HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

/// A connection of the attacker on which so much was sent.
fn opened(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = server.connect_as(ATTACKER);
    // It may be refused at once.
    let _ = stream.write_all(bytes);
    stream
}

#[test]
fn connections_that_wait_for_their_client_keep_nobody_out() {
    if skips_as_remote() {
        return;
    }
    let asked = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let half_body = format!("{}{{", head(100));
    for (kind, bytes) in [
        ("silent", ""),
        ("idle", asked),
        ("with half a head", "GET / HTTP/1.1\r\nX-Slow"),
        ("with half a body", &half_body),
    ] {
        let server = Server::start(&["--max-connections", "32"]);
        let mut held: Vec<TcpStream> = Vec::new();
        // More than there is room for, and again while the neighbour asks.
        for round in 0..3 {
            for _ in 0..40 {
                held.push(opened(&server, bytes.as_bytes()));
            }
            neighbour_is_served(&server, 5);
            eprintln!("{kind}, round {round}: served");
        }
        let displaced = server.metric("belljar_http_connections_displaced_total");
        assert!(displaced >= Some(80.0), "{kind}: {displaced:?}");
        // The newest is as good as any.
        if bytes.is_empty() {
            let last = held.last_mut().expect("it is there");
            let ask = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            last.write_all(ask.as_bytes()).unwrap();
            assert_eq!(answered(last).0, 200);
        }
    }
}

#[test]
fn busy_connections_of_one_client_leave_room_for_others() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--max-connections", "16", "--sandboxes", "32"]);
    let body = json!({"script": "import time\ntime.sleep(20)"}).to_string();
    let request = format!("{}{body}", head(body.len()));
    let held: Vec<TcpStream> = (0..30)
        .map(|_| opened(&server, request.as_bytes()))
        .collect();
    neighbour_is_served(&server, 10);
    // Those over its share were told.
    let refused = held.into_iter().map(|mut stream| {
        stream
            .set_read_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        answered(&mut stream).0
    });
    assert!(refused.filter(|status| *status == 503).count() >= 10);
}

#[test]
fn half_sent_bodies_and_unread_answers_are_kept_within_a_budget() {
    if skips_as_remote() {
        return;
    }
    let options = ["--http-memory-bytes", "67108864"];
    let server = Server::start(&options);
    neighbour_is_served(&server, 5);
    let before = server.own_memory();
    let held = || {
        server
            .metric("belljar_http_held_bytes")
            .expect("it is there")
    };

    let half = format!("{}{}", head(1_000_000), "x".repeat(999_999));
    let bodies: Vec<TcpStream> = (0..150).map(|_| opened(&server, half.as_bytes())).collect();
    neighbour_is_served(&server, 5);
    eventually("bodies are kept", SOON, || held() > 16e6);
    assert!(held() <= 32.0 * 1024.0 * 1024.0, "{}", held());
    drop(bodies);
    eventually("they are given back", SOON, || held() == 0.0);

    let body = json!({"script": "def main(): return 'x' * 4_000_000"}).to_string();
    let request = format!("{}{body}", head(body.len())).replace("/run", "/execute");
    let answers: Vec<TcpStream> = (0..60)
        .map(|_| opened(&server, request.as_bytes()))
        .collect();
    eventually("answers are kept", SOON, || held() > 16e6);
    neighbour_is_served(&server, 5);
    eventually("all have run", SOON, || {
        server.metric("belljar_executions_total") >= Some(60.0)
    });
    assert!(held() <= 32.0 * 1024.0 * 1024.0, "{}", held());
    let most = server.own_memory();
    neighbour_is_served(&server, 5);
    drop(answers);
    eventually("they are given back", SOON, || held() == 0.0);

    let mib = |bytes: u64| bytes >> 20;
    let bound = before + (160 << 20);
    eventually("memory is back with the kernel", SOON, || {
        eprintln!(
            "{} MiB, {} before, {} at most",
            mib(server.own_memory()),
            mib(before),
            mib(most)
        );
        std::thread::sleep(Duration::from_millis(500));
        server.own_memory() < bound
    });
}

#[test]
fn a_queue_full_of_one_clients_bytes_has_room_for_others() {
    if skips_as_remote() {
        return;
    }
    // The one sandbox is the sleeper's: it does not leave it to others.
    let server = Server::start(&["--workers", "1", "--sandboxes", "1", "--parked", "0"]);
    let sleeper = json!({"script": "import time\ntime.sleep(20)"}).to_string();
    let large = json!({"script": "print(2)", "stdin": "x".repeat(1_000_000)}).to_string();
    let refused = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| server.json_as(ATTACKER, "/run", &sleeper));
        eventually("it runs", SOON, || {
            server.metric("belljar_sandboxes_running") == Some(1.0)
        });
        for _ in 0..80 {
            scope.spawn(|| {
                let (status, answer) = server.json_as(ATTACKER, "/run", &large);
                assert!(status == 200 || status == 503, "{status}: {answer}");
                refused.fetch_add(usize::from(status == 503), Ordering::Relaxed);
            });
        }
        eventually("the queue is full", SOON, || {
            refused.load(Ordering::Relaxed) > 5
        });
        // They wait for the sleeper, too: but for no more than one other.
        neighbour_is_served(&server, 3);
    });
}

#[test]
fn large_bodies_take_turns_between_clients() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[]);
    neighbour_is_served(&server, 3);
    let brackets = format!(
        r#"{{"script": "def main(x): pass", "input": {}"#,
        "[".repeat(1_000_000)
    );
    let empty = format!(
        r#"{{"script": "", "args": [""{}]}}"#,
        r#","""#.repeat(340_000)
    );
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..60 {
            let body = if number % 4 == 0 { &empty } else { &brackets };
            let (server, answered) = (&server, &answered);
            scope.spawn(move || {
                let (status, answer) = server.json_as(ATTACKER, "/execute", body);
                assert_eq!(status, 400, "{answer}");
                answered.fetch_add(1, Ordering::Relaxed);
            });
        }
        eventually("they are being answered", SOON, || {
            answered.load(Ordering::Relaxed) > 2
        });
        neighbour_is_served(&server, 10);
        let done = answered.load(Ordering::Relaxed);
        eprintln!("{done} of 60 were answered meanwhile");
        // When all took turns without regard to clients, the neighbour was the last.
        assert!(done < 60, "the neighbour waited for all");
    });
}
