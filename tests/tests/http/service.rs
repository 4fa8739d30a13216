//! The service as a whole: workers that die, clients that go, connections that stall, the end.

use crate::{eventually, signal, skips_as_remote};
use belljar_tests::http::Server;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

#[test]
fn nobody_is_told_that_a_worker_was_killed() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2", "--sandboxes", "8"]);
    let answers = Mutex::new(Vec::new());
    let victim = server.workers()[0];
    std::thread::scope(|scope| {
        for client in 0..20 {
            let (server, answers) = (&server, &answers);
            scope.spawn(move || {
                for round in 0..10 {
                    let number = client * 10 + round;
                    let script = "import time\ndef main(x):\n    time.sleep(0.05)\n    return x";
                    let body = json!({"script": script, "input": number}).to_string();
                    let answer = server.json("/execute", &body);
                    answers.lock().unwrap().push((number, answer));
                }
            });
        }
        std::thread::sleep(Duration::from_millis(150));
        signal(victim, "-KILL");
    });
    let answers = answers.into_inner().unwrap();
    assert_eq!(answers.len(), 200);
    for (number, answer) in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.value()["result"], json!(number));
    }
    let restarts = server.metric("belljar_worker_restarts_total");
    assert_eq!(restarts, Some(1.0));
}

#[test]
fn the_service_recovers_when_all_workers_are_killed() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2"]);
    for worker in server.workers() {
        signal(worker, "-KILL");
    }
    let killed = Instant::now();
    let body = json!({"script": "def main(): return 1"}).to_string();
    eventually("an answer", Duration::from_secs(5), || {
        server.json("/execute", &body).status == 200
    });
    eprintln!("recovered within {:?}", killed.elapsed());
}

#[test]
fn a_client_that_goes_frees_its_sandbox() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1", "--sandboxes", "1"]);
    let body = json!({"script": "def main():\n    while True: pass"}).to_string();
    let mut stream = server.connect();
    let head = format!(
        "POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    eventually("it runs", Duration::from_secs(10), || {
        server.metric("belljar_sandboxes_running") == Some(1.0)
    });
    drop(stream);
    let gone = Instant::now();
    eventually("it is stopped", Duration::from_secs(5), || {
        server.metric("belljar_sandboxes_running") == Some(0.0)
    });
    eprintln!("freed within {:?}", gone.elapsed());
    let body = json!({"script": "def main(): return 1"}).to_string();
    assert_eq!(server.json("/execute", &body).status, 200);
}

/// The request that waits behind the running one keeps the server's HTTP library from looking.
#[test]
fn a_client_that_goes_with_a_request_still_waiting_frees_its_sandbox() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "1", "--sandboxes", "1"]);
    let body = json!({"script": "def main():\n    while True: pass"}).to_string();
    let request = format!(
        "POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // At once: what follows and the end arrive together. Or in pieces of their own: the first is
    // read, the others stay with the kernel.
    let pauses: [&[u64]; 4] = [&[0], &[20], &[0, 0], &[20, 20, 20]];
    for followers in pauses {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        eventually("it runs", Duration::from_secs(10), || {
            server.metric("belljar_sandboxes_running") == Some(1.0)
        });
        for pause in followers {
            stream.write_all(request.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(*pause));
        }
        drop(stream);
        let gone = Instant::now();
        eventually("it is stopped", Duration::from_secs(5), || {
            server.metric("belljar_sandboxes_running") == Some(0.0)
        });
        eprintln!("freed within {:?}", gone.elapsed());
    }
    // None of those behind was begun.
    let cancelled = "belljar_executions_total{outcome=\"cancelled\"}";
    assert_eq!(server.metric(cancelled), Some(4.0));
    assert_eq!(server.metric("belljar_executions_total"), Some(4.0));
}

#[test]
fn a_log_that_nobody_reads_does_not_stop_the_service() {
    if skips_as_remote() {
        return;
    }
    let (server, log) = Server::start_with_log_pipe(&["--log-level", "info"]);
    let requests = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500);
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let requests = requests + last;
    // A pipe holds some hundred lines, the queue behind it some thousand.
    for _ in 0..24 {
        let answers = server.raw(requests.as_bytes());
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 501);
    }
    let body = json!({"script": "def main(): return 1"}).to_string();
    assert_eq!(server.json("/execute", &body).status, 200);
    let lost = server.metric("belljar_log_lines_lost_total");
    assert!(
        lost.is_some_and(|lost| lost > 0.0),
        "{lost:?} lines were lost"
    );
    // Once it is read again, it says what is missing, and goes on to the end.
    let text = Mutex::new(String::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for line in BufReader::new(log).lines() {
                let mut text = text.lock().unwrap();
                text.push_str(&line.unwrap());
                text.push('\n');
            }
        });
        eventually("the log goes on", Duration::from_secs(10), || {
            text.lock().unwrap().contains("lines of the log were lost")
        });
        signal(server.pid().unwrap(), "-TERM");
        assert_eq!(server.wait(), Some(0));
    });
    let text = text.into_inner().unwrap();
    assert!(text.lines().count() > 1000);
    assert!(text.trim_end().ends_with("stopped"), "the end is missing");
}

#[test]
fn sleeping_scripts_run_side_by_side() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--workers", "2", "--sandboxes", "50"]);
    let body = json!({"script": "import time\ndef main():\n    time.sleep(2)\n    return 1"});
    let body = body.to_string();
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| assert_eq!(server.json("/execute", &body).status, 200));
        }
    });
    let elapsed = start.elapsed();
    assert!(
        elapsed < Duration::from_secs(10),
        "100 sleeps of 2 s took {elapsed:?}"
    );
}

#[test]
fn more_than_the_queue_holds_is_refused_and_the_rest_is_answered() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[
        "--workers",
        "1",
        "--sandboxes",
        "2",
        "--parked",
        "0",
        "--queue",
        "4",
    ]);
    let body = json!({"script": "import time\ndef main():\n    time.sleep(0.5)\n    return 1"});
    let body = body.to_string();
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let answer = server.json("/execute", &body);
                answers.lock().unwrap().push(answer);
            });
        }
    });
    let answers = answers.into_inner().unwrap();
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 503)
        .collect();
    let answered = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(
        !refused.is_empty() && answered >= 6,
        "{answered} of 20 were answered"
    );
    assert_eq!(refused.len() + answered, 20);
    for answer in refused {
        answer.refuses(503, "overloaded", "");
        let retry = answer
            .header("retry-after")
            .and_then(|seconds| seconds.parse::<u32>().ok());
        assert!(
            retry.is_some_and(|seconds| seconds >= 1),
            "{:?}",
            answer.headers
        );
    }
}

#[test]
fn stalled_connections_do_not_delay_others() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[]);
    let stalled: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = server.connect();
            stream
                .write_all(b"POST /execute HTTP/1.1\r\nHost: x\r\nX-Slow")
                .unwrap();
            stream
        })
        .collect();
    let body = json!({"script": "def main(): return 1"}).to_string();
    let start = Instant::now();
    assert_eq!(server.json("/execute", &body).status, 200);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(5), "it took {elapsed:?}");
    drop(stalled);
}

#[test]
fn a_server_that_is_told_to_stop_finishes_what_runs() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&[]);
    let pid = server.pid().unwrap();
    let body = json!({"script": "import time\ndef main():\n    time.sleep(1)\n    return 1"});
    let body = body.to_string();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| server.json("/execute", &body).status);
        std::thread::sleep(Duration::from_millis(400));
        signal(pid, "-TERM");
        assert_eq!(running.join().unwrap(), 200);
    });
    assert_eq!(server.wait(), Some(0));
}

/// The median time in which a client's small programs are answered, one after the other.
fn median(server: &Server, client: &str) -> Duration {
    let body = json!({"script": "print(1)"}).to_string();
    let mut times = Vec::new();
    for _ in 0..21 {
        let begun = Instant::now();
        let headers = [("content-type", "application/json"), ("x-client", client)];
        let answer = server.send("POST", "/run", &headers, body.as_bytes());
        times.push(begun.elapsed());
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.value()["stdout"], "1\n");
    }
    times.sort();
    times[times.len() / 2]
}

#[test]
fn the_sleepers_of_others_keep_nobody_waiting() {
    if skips_as_remote() {
        return;
    }
    let server = Server::start(&["--client-header", "X-Client"]);
    let quiet = median(&server, "modest");
    let body = json!({"script": "import time\ntime.sleep(8)\nprint('slept')"}).to_string();
    std::thread::scope(|scope| {
        for number in 0..256 {
            let (server, body) = (&server, &body);
            scope.spawn(move || {
                let client = (number % 4).to_string();
                let headers = [("content-type", "application/json"), ("x-client", &*client)];
                let answer = server.send("POST", "/run", &headers, body.as_bytes());
                assert_eq!(answer.status, 200, "{answer:?}");
                assert_eq!(answer.value()["stdout"], "slept\n");
            });
        }
        eventually("they sleep", Duration::from_secs(20), || {
            server.metric("belljar_sandboxes_parked") >= Some(200.0)
        });
        let among_sleepers = median(&server, "modest");
        eprintln!("{quiet:?} before, {among_sleepers:?} among 256 sleepers");
        assert!(among_sleepers < 20 * quiet.max(Duration::from_millis(1)));
    });
}
