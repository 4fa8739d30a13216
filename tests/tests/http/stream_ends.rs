//! The ends of streams, and what keeps them from ending too early.

use crate::events::{Stream, can_stream, read};
use crate::{server, skips_as_remote};
use belljar_tests::http::Server;
use serde_json::json;
use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

#[test]
fn a_client_that_goes_stops_its_script() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1", "--sandboxes", "1", "--parked", "0"]);
    let script = "import time\nprint('begun')\ntime.sleep(25)";
    let mut stream = Stream::ask(&server, "/run", &json!({ "script": script }));
    while !stream.text().contains("begun") {
        assert!(stream.more(), "{}", stream.text());
    }
    stream
        .connection
        .shutdown(Shutdown::Both)
        .expect("it is closed");
    drop(stream);
    // The only sandbox is free again, long before the script would have ended.
    let began = Instant::now();
    let response = server.json("/run", &json!({ "script": "print('next')" }).to_string());
    assert_eq!(response.value()["stdout"], "next\n");
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_client_that_goes_behind_a_pipelined_request_is_noticed_too() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1", "--sandboxes", "1", "--parked", "0"]);
    let script = "import time\nprint('begun')\ntime.sleep(25)";
    let mut stream = Stream::ask(&server, "/run", &json!({ "script": script }));
    while !stream.text().contains("begun") {
        assert!(stream.more(), "{}", stream.text());
    }
    let next = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.connection.write_all(next).expect("it is sent");
    drop(stream);
    let began = Instant::now();
    let body = json!({ "script": "print('next')" }).to_string();
    assert_eq!(server.json("/run", &body).value()["stdout"], "next\n");
    let took = began.elapsed();
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn a_connection_lives_on_after_a_stream() {
    if !can_stream() {
        return;
    }
    let server = server();
    let mut connection = server.connect();
    connection
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a timeout");
    for _ in 0..3 {
        let body = json!({ "script": "print(1)" }).to_string();
        let head = format!(
            "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Accept: text/event-stream\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection
            .write_all((head + &body).as_bytes())
            .expect("it is sent");
        let mut text = String::new();
        // The last chunk is the one of no bytes.
        while !text.ends_with("\r\n0\r\n\r\n") {
            let mut bytes = [0; 4096];
            let count = read(&mut connection, &mut bytes);
            assert!(count > 0, "closed after {text}");
            text += std::str::from_utf8(&bytes[..count]).expect("UTF-8");
        }
        assert!(text.contains("event: result"), "{text}");
    }
}

#[test]
fn a_silent_script_keeps_its_connection_busy() {
    if skips_as_remote() {
        return;
    }
    // Longer than the 15 s after which a comment comes, by more than a busy machine is late.
    let body = json!({
        "script": "import time\ntime.sleep(24)\nprint('end')",
        "limits": { "timeout_ms": 30_000 },
    });
    // Kept: a server ends with the last test that has it.
    let server = server();
    let mut stream = Stream::ask(&server, "/run", &body);
    while stream.more() {}
    let text = stream.text();
    let (comment, end) = (text.find("\r\n:\n\n"), text.find("event: stdout"));
    assert!(comment.is_some() && comment < end, "{text}");
    assert!(text.contains("event: result"), "{text}");
}
