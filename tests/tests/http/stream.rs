//! Answers that come while a script runs.

use crate::server;
use belljar_tests::http::Server;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// An answer that is being read.
struct Stream {
    connection: TcpStream,
    bytes: Vec<u8>,
    began: Instant,
}

/// An event, and when it came.
#[derive(Debug)]
struct Told {
    name: String,
    data: Value,
    after: Duration,
}

impl Stream {
    fn ask(server: &Server, route: &str, body: &Value) -> Self {
        let mut connection = server.connect();
        connection
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout");
        let body = body.to_string();
        let head = format!(
            "POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Accept: text/event-stream\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection
            .write_all((head + &body).as_bytes())
            .expect("it is sent");
        let bytes = Vec::new();
        let began = Instant::now();
        Self {
            connection,
            bytes,
            began,
        }
    }

    /// Reads more; false at the end.
    fn more(&mut self) -> bool {
        let mut bytes = [0; 1 << 16];
        let count = self.connection.read(&mut bytes).expect("more, or the end");
        self.bytes.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// What there is so far.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// All events, with the time at which each was there.
    fn events(mut self) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        loop {
            let goes_on = self.more();
            let after = self.began.elapsed();
            let found = parse(&self.bytes);
            let new = found.into_iter().skip(told.len());
            told.extend(new.map(|(name, data)| Told { name, data, after }));
            if !goes_on {
                return told;
            }
        }
    }
}

/// The events that are whole.
fn parse(bytes: &[u8]) -> Vec<(String, Value)> {
    let body = dechunked(bytes);
    let whole = body.windows(2).rposition(|pair| pair == b"\n\n");
    let body = std::str::from_utf8(&body[..whole.map_or(0, |at| at + 2)]).expect("UTF-8");
    body.split_terminator("\n\n")
        .map(|event| {
            let (name, data) = event.split_once('\n').expect("two lines");
            let name = name.strip_prefix("event: ").expect("a name");
            let data = data.strip_prefix("data: ").expect("data");
            (name.to_owned(), serde_json::from_str(data).expect("JSON"))
        })
        .collect()
}

/// What the whole chunks of an answer hold.
fn dechunked(bytes: &[u8]) -> Vec<u8> {
    let line_end = |bytes: &[u8], end: &[u8]| bytes.windows(end.len()).position(|at| at == end);
    let Some(head) = line_end(bytes, b"\r\n\r\n") else {
        return Vec::new();
    };
    let (mut rest, mut body) = (&bytes[head + 4..], Vec::new());
    while let Some(end) = line_end(rest, b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        let Some(chunk) = rest.get(end + 2..end + 2 + size + 2) else {
            break;
        };
        body.extend_from_slice(&chunk[..size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}

/// Whether the executor behind the server can: one elsewhere may leave it out, and says so.
fn can_stream() -> bool {
    let runtime = server().get("/runtime").value();
    let features = runtime["features"].as_array().expect("a list of features");
    let can = features.iter().any(|feature| feature == "stream");
    assert!(can || crate::is_remote(), "our own server can");
    can
}

#[test]
fn output_comes_long_before_the_end() {
    if !can_stream() {
        return;
    }
    let script = "import time\nprint('first')\ntime.sleep(1.5)\nprint('last')";
    let told = Stream::ask(&server(), "/run", &json!({ "script": script })).events();
    let names: Vec<&str> = told.iter().map(|each| each.name.as_str()).collect();
    assert_eq!(names, ["stdout", "stdout", "result"], "{told:?}");
    assert_eq!(
        (&told[0].data, &told[1].data),
        (&json!("first\n"), &json!("last\n"))
    );
    let ahead = told[2].after.saturating_sub(told[0].after);
    assert!(ahead > Duration::from_secs(1), "{ahead:?}");
}

#[test]
fn the_last_event_is_the_plain_answer() {
    if !can_stream() {
        return;
    }
    let server = server();
    let script = "import sys\ndef main():\n    print('out'); print('err', file=sys.stderr); display([1]); return {'a': 1}";
    let body = json!({ "script": script, "seed": 1 });
    let told = Stream::ask(&server, "/execute", &body).events();
    let plain = server.json("/execute", &body.to_string()).value();
    let mut result = told.last().expect("a result").data.clone();
    result["usage"]["duration_ms"] = plain["usage"]["duration_ms"].clone();
    assert_eq!(result, plain);
    for (name, data) in [("stdout", json!("out\n")), ("stderr", json!("err\n"))] {
        assert!(
            told.iter()
                .any(|each| each.name == name && each.data == data),
            "{told:?}"
        );
    }
    let item = told
        .iter()
        .find(|each| each.name == "display")
        .expect("an item");
    assert_eq!(item.data, plain["display"][0]);
}

#[test]
fn characters_and_order_survive() {
    if !can_stream() {
        return;
    }
    let script = "import sys, time\nfor byte in 'ä€😀'.encode():\n    sys.stdout.buffer.write(bytes([byte])); \
                  sys.stdout.flush(); time.sleep(0.03)\nfor i in range(5000): print(i)";
    let told = Stream::ask(&server(), "/run", &json!({ "script": script })).events();
    let result = &told.last().expect("a result").data;
    let text: String = told
        .iter()
        .filter(|each| each.name == "stdout")
        .filter_map(|each| each.data.as_str())
        .collect();
    assert_eq!(json!(text), result["stdout"]);
    assert!(!text.contains('\u{fffd}'));
    assert!(told.len() > 4 && told.len() < 500, "{} events", told.len());
}

#[test]
fn a_limit_ends_it_with_what_was_kept() {
    if !can_stream() {
        return;
    }
    for (limits, error_type) in [
        (json!({ "output_bytes": 1000 }), "output_exceeded"),
        (
            json!({ "timeout_ms": 300, "output_bytes": 1 << 20 }),
            "timeout",
        ),
    ] {
        let script = "import time\nprint('x' * 600)\nprint('y' * 600)\ntime.sleep(9)";
        let body = json!({ "script": script, "limits": limits });
        let told = Stream::ask(&server(), "/run", &body).events();
        let last = told.last().expect("a result");
        assert_eq!(
            (last.name.as_str(), &last.data["error_type"]),
            ("result", &json!(error_type))
        );
        let text: String = told
            .iter()
            .filter(|each| each.name == "stdout")
            .filter_map(|each| each.data.as_str())
            .collect();
        assert_eq!(json!(text), last.data["stdout"]);
    }
}

#[test]
fn what_is_refused_is_refused_as_ever() {
    let server = server();
    let mut stream = Stream::ask(&server, "/run", &json!({ "script": "" }));
    while stream.more() {}
    assert!(
        stream.text().starts_with("HTTP/1.1 400 "),
        "{}",
        stream.text()
    );
    assert!(stream.text().contains("missing_script"));
}

#[test]
fn a_client_that_goes_stops_its_script() {
    let server = Server::start(&["--workers", "1", "--sandboxes", "1"]);
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
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_client_that_goes_behind_a_pipelined_request_is_noticed_too() {
    let server = Server::start(&["--workers", "1", "--sandboxes", "1"]);
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
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_connection_lives_on_after_a_stream() {
    if !can_stream() {
        return;
    }
    let server = server();
    let mut connection = server.connect();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
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
            let count = connection.read(&mut bytes).expect("more");
            assert!(count > 0, "closed after {text}");
            text += std::str::from_utf8(&bytes[..count]).expect("UTF-8");
        }
        assert!(text.contains("event: result"), "{text}");
    }
}
