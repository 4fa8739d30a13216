//! `spin.remote.toml`: the front here, `belljar executor` beside it.

use crate::host::Host;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A running `belljar executor`.
struct Executor {
    process: Child,
    url: String,
}

impl Executor {
    fn start() -> Self {
        let binary = std::env::var_os("BELLJAR_BIN").expect("BELLJAR_BIN, which cargo xtask sets");
        let mut process = Command::new(binary)
            .args(["executor", "--listen", "127.0.0.1:0"])
            .args(["--admin-listen", "127.0.0.1:0"])
            .env("BELLJAR_EXECUTOR_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("belljar executor starts");
        let stdout = process.stdout.take().expect("its output");
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut urls = lines.filter_map(|line| {
            let address = line.split_once("http://")?.1.trim();
            Some(format!("http://{address}"))
        });
        let url = urls.next().expect("its URL");
        Self { process, url }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn front(url: &str, token: &str) -> Host {
    let url = format!("executor_url={url}");
    let token = format!("executor_token={token}");
    Host::start(
        "spin.remote.toml",
        &["--variable", &url, "--variable", &token],
    )
}

#[test]
fn scripts_run_on_the_executor_elsewhere() {
    let executor = Executor::start();
    let host = front(&executor.url, TOKEN);
    let script = "def main(x):\n    print('hello')\n    return [x, 'é']";
    let answer = host.execute(script, json!({"input": 10_000_000_000_000_000_000_u64}));
    assert_eq!(
        answer.result(),
        json!([10_000_000_000_000_000_000_u64, "é"])
    );
    assert_eq!(answer.json()["stdout"], "hello\n");
    let failed = host.execute("def main(): 1/0", json!({}));
    assert_eq!(failed.error_type(), "exception");
    assert_eq!(failed.json()["line"], 1);
    assert_eq!(host.ask("/readyz", None).status, 200);
    assert_eq!(host.ask("/runtime", None).json()["edition"], "full");
}

/// `$(cat FILE)` takes the end of the line off, Spin's own file and vault providers do not.
#[test]
fn a_token_may_come_with_the_end_of_its_line() {
    let executor = Executor::start();
    let host = front(&executor.url, &format!("{TOKEN}\n"));
    let answer = host.execute("def main(): return 1", json!({}));
    assert_eq!(answer.result(), json!(1));
}

/// The answer to a script that no executor takes, within a few seconds.
#[track_caller]
fn is_unavailable(host: &Host) {
    let start = Instant::now();
    let answer = host.execute("def main(): return 1", json!({}));
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(answer.error_type(), "unavailable");
    let id = answer.request_id.expect("a request id");
    assert!(!id.is_empty());
    assert!(
        !answer.text.contains("127.0.0.1"),
        "tells of the inside: {}",
        answer.text
    );
    assert_eq!(host.ask("/readyz", None).status, 503);
}

#[test]
fn a_refused_token_is_unavailable() {
    let executor = Executor::start();
    is_unavailable(&front(&executor.url, "another-token-than-that-one-of-it"));
}

#[test]
fn an_executor_that_is_down_is_unavailable() {
    // Port 1 needs privileges to listen on, and nobody does here.
    is_unavailable(&front("http://127.0.0.1:1", TOKEN));
}
