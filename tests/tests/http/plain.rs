//! Tests of the listener: what it refuses of HTTP, what it lets others do, and how it ends.

use crate::{eventually, signal, skips_as_remote};
use belljar_tests::http::{Server, answered, assert_refusal};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

/// Status and `error_type` of the answer to these bytes.
fn said(server: &Server, request: &str) -> (u16, String) {
    let answer = server.raw(request.as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    if body["error_type"].is_string() {
        assert_refusal(&body);
        assert!(head.to_lowercase().contains("x-request-id"), "{head}");
    }
    let error_type = body["error_type"].as_str().unwrap_or_default();
    (status.unwrap_or(0), error_type.to_owned())
}

#[test]
fn a_server_for_this_machine_answers_to_its_names_only() {
    if skips_as_remote() {
        return;
    }
    let get = |target: &str, host: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    let server = Server::start_nameless(&[]);
    let port = server.url().rsplit(':').next().expect("a port").to_owned();
    for host in [
        "localhost",
        "LOCALHOST.:1",
        "127.0.0.1",
        &format!("127.0.0.1:{port}"),
        &format!("[::1]:{port}"),
    ] {
        assert_eq!(said(&server, &get("/healthz", host)).0, 200, "{host}");
    }
    let refused = (421, "host_not_allowed".to_owned());
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "localhost.evil.example",
        "192.0.2.1",
        "[2001:db8::1]",
    ] {
        assert_eq!(said(&server, &get("/healthz", host)), refused, "{host}");
    }
    let evil = get("http://evil.example/healthz", "localhost");
    assert_eq!(said(&server, &evil), refused);
    let plain = get(&format!("http://localhost:{port}/healthz"), "localhost");
    assert_eq!(said(&server, &plain).0, 200);
    for bad in [
        get("/", ""),
        get("/", "a b"),
        get("/", "user@localhost"),
        get("/", "localhost\r\nHost: localhost"),
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        assert_eq!(
            said(&server, &bad),
            (400, "invalid_request".to_owned()),
            "{bad}"
        );
    }
    assert_eq!(said(&server, "GET /healthz HTTP/1.0\r\n\r\n").0, 200);

    let server = Server::start_nameless(&["--allowed-hosts", "python.example.org"]);
    assert_eq!(said(&server, &get("/healthz", "python.example.org")).0, 200);
    assert_eq!(said(&server, &get("/healthz", "localhost")), refused);
    let server = Server::start_nameless(&["--allowed-hosts", "*"]);
    assert_eq!(said(&server, &get("/healthz", "anything.example")).0, 200);
}

#[test]
fn what_other_parsers_may_read_differently_is_refused() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--body-timeout-ms", "2000", "--header-timeout-ms", "2000"]);
    let post = |headers: &str, body: &str| {
        format!(
            "POST /run HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
        )
    };
    let program = r#"{"script": "print(1)"}"#;
    let chunked = format!("{:x}\r\n{program}\r\n0\r\n\r\n", program.len());
    let smuggled = format!("{chunked}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    let sound = post(
        "Transfer-Encoding: chunked\r\nConnection: close\r\n",
        &chunked,
    );
    assert_eq!(said(&server, &sound).0, 200);
    for (request, status, error_type) in [
        (
            post("Transfer-Encoding: gzip, chunked\r\n", &chunked),
            501,
            "unsupported_transfer_coding",
        ),
        (
            post("Transfer-Encoding: gzip\r\n", ""),
            501,
            "unsupported_transfer_coding",
        ),
        (
            post("Transfer-Encoding: xchunked\r\n", &chunked),
            501,
            "unsupported_transfer_coding",
        ),
        (
            post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                &chunked,
            ),
            501,
            "unsupported_transfer_coding",
        ),
        (
            post(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                &smuggled,
            ),
            400,
            "invalid_request",
        ),
        (
            post(
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                &smuggled,
            ),
            400,
            "invalid_request",
        ),
        (
            post("Content-Length: 22\r\nContent-Length: 22\r\n", program),
            400,
            "invalid_request",
        ),
        (
            post("Content-Length: +22\r\n", program),
            400,
            "invalid_request",
        ),
        (
            post("Transfer-Encoding : chunked\r\n", &chunked),
            400,
            "invalid_request",
        ),
        (
            post("Transfer-Encoding:\x0bchunked\r\n", &chunked),
            501,
            "unsupported_transfer_coding",
        ),
        (
            post("X: a\r\n Content-Length: 22\r\n", program),
            400,
            "invalid_request",
        ),
        (post("X: a\n", ""), 400, "invalid_request"),
        (
            "GET /healthz HTTP/1.1\nHost: x\n\n".to_owned(),
            400,
            "invalid_request",
        ),
        (
            post(
                "Transfer-Encoding: chunked\r\n",
                &chunked.replace("\r\n", "\n"),
            ),
            400,
            "invalid_request",
        ),
        (
            post(
                "Content-Length: 22\r\nExpect: a-miracle\r\nConnection: close\r\n",
                program,
            ),
            417,
            "expectation_failed",
        ),
    ] {
        let expected = (status, error_type.to_owned());
        assert_eq!(said(&server, &request), expected, "{request}");
    }
    // Those before a bad one have their answers.
    let two = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\nHost: x\r\n\r\n";
    let answer = server.raw(two.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("HTTP/1.1 400"), "{answer}");
    assert!(
        !server
            .raw(
                post(
                    "Content-Length: 22\r\nExpect: 100-Continue\r\nConnection: close\r\n",
                    program
                )
                .as_bytes()
            )
            .contains(" 417")
    );
}

/// An answer that goes out in pieces is whole, and so are those behind it.
#[test]
fn large_answers_are_whole_on_a_connection_that_goes_on() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[]);
    let body = json!({"script": "def main(): return 'x' * 3_000_000"}).to_string();
    let request = |end: &str| {
        format!(
            "POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{end}\r\n{body}",
            body.len()
        )
    };
    let mut stream = server.connect();
    stream.write_all(request("").as_bytes()).unwrap();
    // It is full, and empty again, some times.
    std::thread::sleep(Duration::from_secs(2));
    stream
        .write_all(request("Connection: close\r\n").as_bytes())
        .unwrap();
    let (status, rest) = answered(&mut stream);
    assert_eq!(status, 200);
    let all = "x".repeat(3_000_000);
    assert_eq!(rest.matches(&all).count(), 2);
    assert_eq!(rest.matches("HTTP/1.1 200").count(), 1, "the second");
}

#[test]
fn an_executor_reads_nothing_of_whoever_shows_no_token() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor("0123456789abcdef0123456789abcdef", &[]);
    for body in ["Content-Length: 4000000", "Transfer-Encoding: chunked"] {
        let mut stream = server.connect();
        let head = format!(
            "POST /v1/execute HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n{body}\r\n\r\n"
        );
        // Nothing of the body follows, and the answer comes all the same: long before the 30 s that
        // a body may take.
        stream.write_all(head.as_bytes()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(15)))
            .unwrap();
        let (status, answer) = answered(&mut stream);
        assert_eq!(status, 401, "{answer}");
    }
}

#[test]
fn who_may_embed_the_page_is_a_setting() {
    if skips_as_remote() {
        return;
    }
    let policy = |server: &Server, path| {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        policy.rsplit("; ").next().unwrap_or_default().to_owned()
    };
    let server = Server::start(&[]);
    assert_eq!(policy(&server, "/embed"), "frame-ancestors *");
    let server = Server::start(&["--frame-ancestors", "'self',https://a.example"]);
    assert_eq!(
        policy(&server, "/embed"),
        "frame-ancestors 'self' https://a.example"
    );
    assert_eq!(policy(&server, "/"), "frame-ancestors 'none'");
}

#[test]
fn whoever_connects_while_the_server_stops_is_told() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[]);
    let sleeper = json!({"script": "import time\ntime.sleep(3)"}).to_string();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| server.json_as(3, "/run", &sleeper).0);
        eventually("it runs", Duration::from_secs(20), || {
            server.metric("belljar_sandboxes_running") == Some(1.0)
        });
        // Connected before, and silent or in the middle of a head.
        let mut waiting: Vec<_> = (0..40).map(|_| server.connect_as(2)).collect();
        for stream in waiting.iter_mut().take(20) {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHo").unwrap();
        }
        std::thread::sleep(Duration::from_millis(300));
        signal(server.pid().unwrap(), "-TERM");
        std::thread::sleep(Duration::from_millis(300));
        // More than were told at once before.
        let mut late: Vec<_> = (0..200).map(|_| server.connect_as(2)).collect();
        for stream in waiting.iter_mut().chain(&mut late) {
            let (status, body) = answered(stream);
            assert_eq!(status, 503, "{body}");
            assert!(body.contains(r#""error_type":"unavailable""#), "{body}");
        }
        assert_eq!(running.join().unwrap(), 200);
    });
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_line_of_the_log_is_one_line_and_shows_what_is_there() {
    if skips_as_remote() {
        return;
    }
    let (server, log) = Server::start_with_log_pipe(&["--log-level", "info"]);
    // A mark that turns text around, a control character of two bytes, and a cut in a character.
    let long = format!("/{}", "é".repeat(100));
    for path in ["/a\u{202e}b\u{2028}c\u{9b}31m", &long] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        server.raw(request.as_bytes());
    }
    signal(server.pid().unwrap(), "-TERM");
    assert_eq!(server.wait(), Some(0));
    let lines: Vec<String> = BufReader::new(log).lines().map_while(Result::ok).collect();
    let asked: Vec<_> = lines.iter().filter(|line| line.contains("path=")).collect();
    eprintln!("{lines:#?}");
    for line in &lines {
        let misleads = |c: char| c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c);
        assert!(!line.contains(misleads), "{line:?}");
        assert!(!line.contains('\u{fffd}'), "{line:?}");
    }
    for line in asked {
        assert!(line.matches('é').count() <= 64, "{line}");
    }
}
