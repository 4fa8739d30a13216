//! A server to test, and how to talk to it.

use socket2::{Domain, Socket, Type};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;
use ureq::http::Request;

/// The variable with the names that a server has. Requests that are written out say `Host: x`.
const NAMES: &str = "BELLJAR_ALLOWED_HOSTS";

/// A running `belljar serve`, or the server at `BELLJAR_TEST_URL`. Its process ends with it.
#[derive(Debug)]
pub struct Server {
    process: Option<Child>,
    url: String,
    admin: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Server {
    /// The server that is named by `BELLJAR_TEST_URL`, or a new one.
    pub fn shared() -> Self {
        match std::env::var("BELLJAR_TEST_URL") {
            Ok(url) => Self {
                process: None,
                url: url.trim_end_matches('/').to_owned(),
                admin: None,
            },
            Err(_) => Self::start(&[]),
        }
    }

    /// A new `belljar serve` with these options, on ports of its own.
    pub fn start(options: &[&str]) -> Self {
        Self::start_with_log(options, Stdio::null())
    }

    /// The same with its log going to a pipe, which is returned.
    pub fn start_with_log_pipe(options: &[&str]) -> (Self, ChildStderr) {
        let mut server = Self::start_with_log(options, Stdio::piped());
        let process = server.process.as_mut().expect("a server of ours");
        let log = process.stderr.take().expect("its log");
        (server, log)
    }

    fn start_with_log(options: &[&str], log: Stdio) -> Self {
        let mut command = Command::new(crate::cli::binary());
        command.arg("serve");
        Self::spawn(command.args(options).stderr(log))
    }

    /// A new `belljar serve` that is told nothing of the names it has: others may be called `x`, too.
    pub fn start_nameless(options: &[&str]) -> Self {
        let mut command = Command::new(crate::cli::binary());
        command.arg("serve");
        let command = command.args(options).stderr(Stdio::null());
        Self::spawn_as_is(command.env_remove(NAMES))
    }

    /// A new `belljar executor` with these options, that takes this token.
    pub fn start_executor(token: &str, options: &[&str]) -> Self {
        let mut command = Command::new(crate::cli::binary());
        command.env("BELLJAR_EXECUTOR_TOKEN", token);
        Self::spawn(command.arg("executor").args(options).stderr(Stdio::null()))
    }

    fn spawn(command: &mut Command) -> Self {
        Self::spawn_as_is(command.env(NAMES, "localhost,127.0.0.1,x"))
    }

    fn spawn_as_is(command: &mut Command) -> Self {
        let mut process = command
            .args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("its output");
        let (mut url, mut admin) = (None, None);
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let address = line.split("http://").nth(1).map(str::to_owned);
            if line.starts_with("Belljar listens on") {
                url = address.map(|address| format!("http://{address}"));
            } else if line.starts_with("Metrics are at") {
                admin = address.map(|address| format!("http://{address}"));
            }
            if url.is_some() && admin.is_some() {
                break;
            }
        }
        Self {
            process: Some(process),
            url: url.expect("the server prints its URL"),
            admin,
        }
    }

    /// The address: `http://host:port`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address and port.
    pub fn socket_address(&self) -> SocketAddr {
        let address = self.url.trim_start_matches("http://");
        let mut found = address.to_socket_addrs().expect("an address");
        found.next().expect("an address")
    }

    /// The process, when it is ours.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Its workers' processes.
    pub fn workers(&self) -> Vec<u32> {
        let found = self.workers_now();
        assert!(!found.is_empty(), "the server has no worker");
        found
    }

    /// The same while some of them, or all, may be on their way to be replaced.
    pub fn workers_now(&self) -> Vec<u32> {
        let pid = self.pid().expect("a server of ours");
        let mut found = Vec::new();
        // A process lists the children of each of its threads apart.
        for task in std::fs::read_dir(format!("/proc/{pid}/task")).expect("its threads") {
            // A thread may end meanwhile.
            let Ok(task) = task else { continue };
            let path = task.path().join("children");
            let text = std::fs::read_to_string(path).unwrap_or_default();
            found.extend(
                text.split_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
        found
    }

    /// Memory that is its own and its workers' own, in bytes: what is not shared with files.
    pub fn resident(&self) -> u64 {
        self.own_memory() + self.workers_now().into_iter().map(own_memory).sum::<u64>()
    }

    /// Waits for its end; the exit status.
    pub fn wait(mut self) -> Option<i32> {
        let mut process = self.process.take().expect("a server of ours");
        process.wait().expect("it ends").code()
    }

    /// A raw connection.
    pub fn connect(&self) -> TcpStream {
        let address = self.url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a time limit");
        stream
    }

    /// A raw connection of another client: 127.0.0.`last`.
    pub fn connect_as(&self, last: u8) -> TcpStream {
        let address: SocketAddr = self.address().parse().expect("an address");
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let own = SocketAddr::from(([127, 0, 0, last], 0));
        socket
            .bind(&own.into())
            .expect("an address of this machine");
        socket.connect(&address.into()).expect("a connection");
        let stream = TcpStream::from(socket);
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a time limit");
        stream
    }

    /// The answer to another client, 127.0.0.`last`: the status and the body.
    pub fn json_as(&self, last: u8, path: &str, body: &str) -> (u16, String) {
        let mut stream = self.connect_as(last);
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address(),
            body.len()
        );
        // It may be refused before all of it is sent.
        let _ = stream.write_all(request.as_bytes());
        answered(&mut stream)
    }

    fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Memory of the server's own process, without its workers, in bytes.
    pub fn own_memory(&self) -> u64 {
        own_memory(self.pid().expect("a server of ours"))
    }

    /// The server's answer to these bytes, up to the end of the connection.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // A server may answer, and close, before it has read everything.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], b"")
    }

    /// `POST` with a content type and a body.
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Response {
        self.send("POST", path, &[("content-type", content_type)], body)
    }

    /// A request. An empty body is none.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let valid = "a valid request";
        if body.is_empty() && method == "GET" {
            receive(agent().run(request.body(()).expect(valid)))
        } else {
            receive(agent().run(request.body(body).expect(valid)))
        }
    }

    /// `POST` of JSON.
    pub fn json(&self, path: &str, body: &str) -> Response {
        self.post(path, "application/json", body.as_bytes())
    }

    /// The value of a metric, summed over its labels; `None` where there is no admin listener.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let url = self.admin.as_ref()?;
        let text = receive(agent().get(url).call()).body;
        let values = text.lines().filter(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['{', ' ']))
        });
        Some(
            values
                .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
                .sum(),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Response {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// Asserts the status and `error_type`, and that the message has this in it.
    #[track_caller]
    pub fn refuses(&self, status: u16, kind: &str, message: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let body = self.value();
        assert_eq!(body["error_type"], kind, "{body}");
        let error = body["error"].as_str().unwrap_or_default();
        assert!(error.contains(message), "{error:?} lacks {message:?}");
        // A script's own fault has a usage.
        if body["usage"].is_null() {
            assert_refusal(&body);
        }
    }
}

/// Asserts that a body has what every error has of a request that ran nothing.
#[track_caller]
pub fn assert_refusal(body: &serde_json::Value) {
    let is_text = |name: &str| body[name].is_string();
    assert!(
        ["error", "error_type", "request_id"]
            .into_iter()
            .all(is_text),
        "{body}"
    );
    assert!(body["stdout"] == "" && body["stderr"] == "", "{body}");
}

/// The answer of a server up to the end of a connection: the status, 0 for none, and the body.
pub fn answered(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    // A reset comes after what was said.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status.unwrap_or(0), body.to_owned())
}

/// Memory of a process that is not shared with files, in bytes; none of one that has just ended.
fn own_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into()
}

fn receive(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Response {
    let mut response = result.expect("an answer");
    let headers = response.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Response {
        status: response.status().as_u16(),
        headers: headers.collect(),
        body: response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_string()
            .expect("a body of text"),
    }
}
