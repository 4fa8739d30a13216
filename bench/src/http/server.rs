//! The servers that are measured, each a process of its own that ends with its value here.

use crate::{memory, native};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

const BASELINE: &str = include_str!("baseline.py");

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    /// The server's output: closed only at its end, for it may print more.
    _stdout: BufReader<ChildStdout>,
    address: String,
    admin: Option<String>,
}

/// Resident memory, in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resident {
    /// The memory that is the process's own.
    pub(crate) anonymous: u64,
    /// With what it shares: the program, the image.
    pub(crate) all: u64,
}

impl Server {
    /// `belljar serve` as it is by default.
    pub(crate) fn belljar() -> Result<Self> {
        let mut command = Command::new(binary()?);
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--admin-listen",
            "127.0.0.1:0",
        ]);
        // It writes its log as ever; nobody reads it.
        Self::start(command.stderr(Stdio::null()), 2)
    }

    /// The native baseline.
    pub(crate) fn native() -> Result<Self> {
        let mut command = Command::new(native::interpreter()?);
        Self::start(command.args(["-c", BASELINE]), 1)
    }

    fn start(command: &mut Command, addresses: usize) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", command.get_program().display()))?;
        let stdout = process.stdout.take().context("its output")?;
        let mut stdout = BufReader::new(stdout);
        let mut found = Vec::new();
        while found.len() < addresses {
            let mut line = String::new();
            if stdout.read_line(&mut line)? == 0 {
                let status = process.wait()?;
                bail!(
                    "the server ended before it was ready ({status}): run it by itself to see why"
                );
            }
            let after = line.split_once("http://").map(|(_, rest)| rest);
            found.extend(after.map(|rest| rest.trim().trim_end_matches("/metrics").to_owned()));
        }
        let mut found = found.into_iter();
        Ok(Self {
            process,
            _stdout: stdout,
            address: found.next().unwrap_or_default(),
            admin: found.next(),
        })
    }

    /// The URL to which scripts are posted.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/execute", self.address)
    }

    /// Posts one script, and checks that its answer is right: what is measured should work.
    pub(crate) fn check(&self, body: &str, result: &serde_json::Value) -> Result<()> {
        let head = format!(
            "POST /execute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = exchange(&self.address, &(head + body))?;
        let value: serde_json::Value =
            serde_json::from_str(&answer).with_context(|| format!("not JSON: {answer:?}"))?;
        if value["result"] != *result {
            bail!("expected the result {result}, found {answer}");
        }
        Ok(())
    }

    /// A counter, by its whole name with labels.
    pub(crate) fn counter(&self, name: &str) -> Result<u64> {
        let admin = self.admin.as_ref().context("this server has no metrics")?;
        let get = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let text = exchange(admin, get)?;
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
            .and_then(|value| value.trim().parse().ok())
            .with_context(|| format!("there is no metric {name}"))
    }

    /// Memory of the server's own process, and of its workers together.
    pub(crate) fn resident(&self) -> Result<(Resident, Resident)> {
        let pid = self.process.id();
        let of = |pid: u32| -> Result<Resident> {
            Ok(Resident {
                anonymous: memory::status_kib(pid, "RssAnon")?,
                all: memory::status_kib(pid, "VmRSS")?,
            })
        };
        let mut workers = Resident {
            anonymous: 0,
            all: 0,
        };
        for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
            // A process lists the children of each of its threads apart.
            let children = std::fs::read_to_string(task?.path().join("children"))?;
            for worker in children.split_whitespace() {
                let worker = of(worker.parse()?)?;
                workers.anonymous += worker.anonymous;
                workers.all += worker.all;
            }
        }
        Ok((of(pid)?, workers))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The body of the answer to a request that ends its connection.
fn exchange(address: &str, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((_, body)) => Ok(body.to_owned()),
        None => bail!("not an HTTP answer: {answer:?}"),
    }
}

/// `$BELLJAR_BIN`, or the binary beside this one.
fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("BELLJAR_BIN") {
        return Ok(path.into());
    }
    Ok(std::env::current_exe()?.with_file_name("belljar"))
}
