//! A running `belljar-spin-host`, and how to talk to it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

/// A composition that is being served. It ends with this.
#[derive(Debug)]
pub(crate) struct Host {
    process: Child,
    url: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) text: String,
}

impl Host {
    /// `spin.toml`: one for all tests that run at the same time.
    pub(crate) fn full() -> Arc<Self> {
        static HOST: Mutex<Weak<Host>> = Mutex::new(Weak::new());
        Self::shared(&HOST, "spin.toml")
    }

    /// `spin.small.toml`, likewise.
    pub(crate) fn small() -> Arc<Self> {
        static HOST: Mutex<Weak<Host>> = Mutex::new(Weak::new());
        Self::shared(&HOST, "spin.small.toml")
    }

    fn shared(host: &Mutex<Weak<Self>>, manifest: &str) -> Arc<Self> {
        let mut shared = host.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let host = Arc::new(Self::start(manifest, &[]));
            *shared = Arc::downgrade(&host);
            host
        })
    }

    /// A manifest with these options.
    pub(crate) fn start(manifest: &str, options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_belljar-spin-host"))
            .args(["--listen", "127.0.0.1:0", "--from"])
            .arg(root().join(manifest))
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the host starts");
        let stdout = process.stdout.take().expect("its output");
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next().and_then(Result::ok).unwrap_or_else(|| {
            panic!("{manifest} can't be served (see above): run `cargo xtask package` first")
        });
        let url = line.strip_prefix("Serving ").expect("its URL").to_owned();
        Self { process, url }
    }

    /// `GET`, or `POST` of JSON.
    pub(crate) fn ask(&self, path: &str, body: Option<&str>) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        let url = format!("{}{path}", self.url);
        let response = match body {
            None => agent.get(url).call(),
            Some(body) => agent
                .post(url)
                .header("content-type", "application/json")
                .send(body),
        };
        let mut response = response.expect("an answer");
        let id = response.headers().get("x-request-id");
        Answer {
            request_id: id.and_then(|id| id.to_str().ok()).map(str::to_owned),
            status: response.status().as_u16(),
            text: response.body_mut().read_to_string().expect("a body"),
        }
    }

    /// Runs `main`, with other fields of the request in `rest`.
    pub(crate) fn execute(&self, script: &str, mut rest: Value) -> Answer {
        rest["script"] = json!(script);
        self.ask("/execute", Some(&rest.to_string()))
    }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {:?}", self.status, self.text))
    }

    /// The result of a run that has one.
    #[track_caller]
    pub(crate) fn result(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["result"].clone()
    }

    /// The kind of error; empty for none.
    pub(crate) fn error_type(&self) -> String {
        // A result may hold numbers that this reader does not take.
        if self.status == 200 {
            return String::new();
        }
        self.json()["error_type"].as_str().unwrap_or("").to_owned()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the checkout")
}
