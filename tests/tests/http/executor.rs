//! `belljar executor`: the contract itself over HTTP, for those who have the token.

use crate::{eventually, signal, skips_as_remote};
use belljar_tests::conformance::{Answer, Case};
use belljar_tests::http::{Response, Server};
use serde_json::{Value, json};
use std::io::Write;
use std::time::{Duration, Instant};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn execute(server: &Server, program: &Value) -> Response {
    let authorization = format!("Bearer {TOKEN}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    server.send(
        "POST",
        "/v1/execute",
        &headers,
        program.to_string().as_bytes(),
    )
}

fn function(script: &str) -> Value {
    json!({"script": script, "mode": "function"})
}

#[test]
fn the_token_is_asked_for_everywhere() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor(TOKEN, &[]);
    let program = function("def main(): return 1").to_string();
    let long = format!("Bearer {TOKEN}0");
    let short = format!("Bearer {}", &TOKEN[1..]);
    let basic = format!("Basic {TOKEN}");
    let right = format!("Bearer {TOKEN}");
    for (method, path) in [
        ("POST", "/v1/execute"),
        ("GET", "/v1/describe"),
        ("GET", "/v1/nothing"),
    ] {
        let body = if method == "POST" {
            program.as_bytes()
        } else {
            b""
        };
        for wrong in [
            None,
            Some(""),
            Some("Bearer"),
            Some(&*long),
            Some(&*short),
            Some(&*basic),
        ] {
            let headers: Vec<_> = wrong
                .map(|shown| ("authorization", shown))
                .into_iter()
                .collect();
            let answer = server.send(method, path, &headers, body);
            answer.refuses(401, "unauthorized", "token");
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer"),
                "{wrong:?}"
            );
            assert!(!answer.body.contains(TOKEN));
        }
    }
    assert_eq!(server.metric("belljar_executions_total"), Some(0.0));
    let describe = server.send("GET", "/v1/describe", &[("authorization", &right)], b"");
    let info = &describe.value()["runtime_info"];
    assert_eq!(info["python_version"], "3.15.0");
    let isolation = info["isolation"].as_array().expect("a list");
    assert!(
        isolation.contains(&json!("worker_process")),
        "{isolation:?}"
    );
    let answer = execute(&server, &function("def main(): return 1"));
    assert_eq!(answer.status, 200);
    assert!(answer.header("x-request-id").is_some());
}

#[test]
fn every_end_of_a_program_has_its_form() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor(TOKEN, &[]);
    let outcome = |program: &Value| {
        let answer = execute(&server, program);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.value()["outcome"].clone()
    };

    let mut program = function("def main(x):\n    print('hi')\n    return [x, 10**30]");
    program["input"] = json!("{\"a\": 1e400}");
    let ended = outcome(&program);
    // `inf` has no JSON form, and 10**30 must stay exact: so the value is text.
    let text = "[{\"a\":null},1000000000000000000000000000000]";
    assert_eq!(ended["completion"], json!({ "value": text }));
    assert_eq!(ended["stdout"], "aGkK");
    assert!(ended["usage"]["fuel"].as_u64() > Some(0));

    let program = json!({
        "script": "import os, sys\nprint(sys.stdin.read(), sys.argv[1:], os.environ['N'])\nsys.exit(3)",
        "mode": "program", "stdin": "in", "args": ["a"], "env": [["N", "v"]],
    });
    let ended = outcome(&program);
    assert_eq!(ended["completion"], json!({ "exited": 3 }));
    assert_eq!(ended["stdout"], "aW4gWydhJ10gdgo=");

    let million_deep = "def main():\n    a = []\n    for _ in range(10**6): a = [a]";
    for (kind, script) in [
        ("syntax_error", "def main(:"),
        ("missing_main", "x = 1"),
        ("exception", "def main(): 1/0"),
        ("exit", "import sys\ndef main(): sys.exit(4)"),
        ("not_serializable", "def main(): return object()"),
        ("fuel_exhausted", "def main():\n    while True: pass"),
        ("timeout", "import time\ndef main(): time.sleep(60)"),
        (
            "memory_exceeded",
            "def main(): return bytearray(900_000_000)",
        ),
        (
            "output_exceeded",
            "def main():\n    while True: print('x' * 1000)",
        ),
        ("result_too_large", "def main(): return 'x' * 5_000_000"),
        ("stack_overflow", million_deep),
    ] {
        let mut program = function(script);
        program["limits"] = match kind {
            "timeout" => json!({"timeout_ms": 300}),
            "fuel_exhausted" => json!({"fuel": 50_000_000}),
            _ => json!({"timeout_ms": 20_000}),
        };
        let ended = outcome(&program);
        let fault = &ended["completion"]["fault"];
        assert_eq!(fault["kind"], kind, "{ended}");
        assert!(
            fault["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        match kind {
            "syntax_error" => assert_eq!(fault["line"], 1),
            "exception" => assert!(fault["traceback"].is_string(), "{fault}"),
            "exit" => assert_eq!(fault["exit_code"], 4),
            "output_exceeded" => assert_eq!(ended["truncated"], json!(["stdout"])),
            _ => {}
        }
    }
}

#[test]
fn a_program_whose_workers_die_each_time_has_crashed() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor(TOKEN, &["--workers", "1"]);
    let sleeper = function("import time\ndef main(): time.sleep(20)");
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| execute(&server, &sleeper));
        // The second time it was alone with its worker: nothing else can have been the cause.
        for round in 1..=2 {
            eventually("it runs", Duration::from_secs(10), || {
                server.metric("belljar_sandboxes_running") == Some(1.0)
            });
            signal(server.workers()[0], "-KILL");
            eventually("it is noticed", Duration::from_secs(10), || {
                server.metric("belljar_worker_restarts_total") == Some(f64::from(round))
            });
        }
        let answer = answer.join().unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.value()["outcome"]["completion"]["fault"]["kind"],
            "crashed"
        );
    });
}

#[test]
fn what_never_ran_is_rejected() {
    if skips_as_remote() {
        return;
    }
    let options = [
        "--workers",
        "1",
        "--sandboxes",
        "1",
        "--parked",
        "0",
        "--queue",
        "0",
    ];
    let server = Server::start_executor(TOKEN, &options);
    let mut program = function("def main(): return 1");
    program["limits"] = json!({"timeout_ms": 30_001});
    let answer = execute(&server, &program);
    assert_eq!(answer.status, 422);
    let expected = json!({"limit": "timeout_ms", "requested": 30_001, "maximum": 30_000});
    assert_eq!(
        answer.value(),
        json!({"rejection": {"invalid_limit": expected}})
    );

    let sleeper = function("import time\ndef main(): time.sleep(2)");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| execute(&server, &sleeper).status);
        eventually("it runs", Duration::from_secs(10), || {
            server.metric("belljar_sandboxes_running") == Some(1.0)
        });
        let answer = execute(&server, &sleeper);
        assert_eq!(answer.status, 503);
        let wait = &answer.value()["rejection"]["overloaded"]["retry_after_ms"];
        assert!(wait.as_u64().is_some_and(|wait| wait >= 1000), "{wait}");
        assert!(answer.header("retry-after").is_some());
        assert_eq!(first.join().unwrap(), 200);
    });
}

#[test]
fn what_is_not_of_the_protocol_is_refused() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor(TOKEN, &["--body-timeout-ms", "300"]);
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str())];
    let zero = json!({"script": "s", "mode": "program", "limits": {"fuel": 0}});
    for (body, message) in [
        (String::new(), "EOF"),
        ("{".to_owned(), "EOF"),
        (json!({"script": "s"}).to_string(), "mode"),
        (
            json!({"script": "s", "mode": "program", "more": 1}).to_string(),
            "more",
        ),
        (zero.to_string(), "fuel"),
    ] {
        let answer = server.send("POST", "/v1/execute", &headers, body.as_bytes());
        answer.refuses(400, "invalid_request", message);
    }
    // A program that is none is refused as it is everywhere.
    let refusals: Vec<Case> = Case::all()
        .into_iter()
        .filter(|case| case.is_refused())
        .collect();
    assert!(refusals.len() >= 10, "{refusals:?}");
    for case in refusals {
        let answer = execute(&server, &case.request.to_protocol(&case.script));
        let problems = case.problems(&Answer {
            status: answer.status,
            body: answer.body,
        });
        assert!(problems.is_empty(), "{problems:?}");
    }
    let answer = server.send("GET", "/v1/execute", &headers, b"");
    answer.refuses(405, "method_not_allowed", "POST");
    assert_eq!(answer.header("allow"), Some("POST"));
    let answer = server.send("GET", "/execute", &headers, b"");
    answer.refuses(404, "not_found", "/v1/execute");
    for (head, status) in [
        ("Content-Length: 5000000", "413"),
        ("Content-Length: 10", "408"),
        (&*format!("X-Long: {}", "x".repeat(64 << 10)), "431"),
    ] {
        let request = format!(
            "POST /v1/execute HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n\
             Connection: close\r\n{head}\r\n\r\n{{"
        );
        let answer = server.raw(request.as_bytes());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
}

#[test]
fn a_front_that_goes_stops_its_script() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start_executor(TOKEN, &["--workers", "1", "--sandboxes", "1"]);
    let body = function("def main():\n    while True: pass").to_string();
    let mut stream = server.connect();
    let request = format!(
        "POST /v1/execute HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    eventually("it runs", Duration::from_secs(10), || {
        server.metric("belljar_sandboxes_running") == Some(1.0)
    });
    drop(stream);
    let gone = Instant::now();
    eventually("it is stopped", Duration::from_secs(5), || {
        server.metric("belljar_sandboxes_running") == Some(0.0)
    });
    eprintln!("freed within {:?}", gone.elapsed());
    let cancelled = "belljar_executions_total{outcome=\"cancelled\"}";
    assert_eq!(server.metric(cancelled), Some(1.0));
    assert_eq!(
        execute(&server, &function("def main(): return 1")).status,
        200
    );
}

#[test]
fn without_a_good_token_it_does_not_start() {
    let run = |token: &str| {
        belljar_tests::Cli::new(["executor", "--listen", "127.0.0.1:0"])
            .env("BELLJAR_EXECUTOR_TOKEN", token)
            .run()
            .refuses("openssl rand -hex 32");
    };
    run("short");
    run("with a space in the middle of it");
}
