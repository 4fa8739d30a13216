//! The load generator: wrk, which `cargo xtask bench` finds or fetches.
//!
//! On a machine with few cores the generator takes its time from the server it measures, so it had
//! better take little: wrk needs some microseconds a request. (`oha`, the alternative, is a Rust
//! program that Cargo could install everywhere, but needs about as long for a request as the server
//! does, and minutes to compile.)

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

const SCRIPT: &str = include_str!("load.lua");

/// The longest that a request may take. The native baseline needs seconds where many wait for two
/// cores.
const TIMEOUT: &str = "60s";

/// A wrk that works.
#[derive(Debug)]
pub(crate) struct Wrk {
    program: String,
    /// The version, as it says itself.
    pub(crate) version: String,
}

/// The result of a run under load.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Load {
    /// Answers, whatever their status.
    pub(crate) requests: u64,
    micros: u64,
    p50: u64,
    p99: u64,
    max: u64,
    /// Answers with a status of 400 or above.
    pub(crate) status: u64,
    connect: u64,
    read: u64,
    write: u64,
    timeout: u64,
}

impl Wrk {
    /// `$BELLJAR_WRK`, or the one on the path.
    pub(crate) fn find() -> Result<Self> {
        let program = std::env::var("BELLJAR_WRK").unwrap_or_else(|_| "wrk".to_owned());
        let advice = "`cargo xtask bench http` fetches it; or install wrk 4, or set BELLJAR_WRK";
        let output = Command::new(&program)
            .arg("--version")
            .output()
            .with_context(|| format!("could not start {program}: {advice}"))?;
        // It prints its usage after that, and fails: its way of saying its version.
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.split(" [").next().unwrap_or_default().to_owned();
        if !version.starts_with("wrk") || !version.contains(['/', ' ']) || !version.contains("4.") {
            bail!("{program} is not wrk 4, but {version:?}: {advice}");
        }
        Ok(Self { program, version })
    }

    /// Posts `body` to `url` over this many connections, one request after the other on each.
    pub(crate) fn post(
        &self,
        url: &str,
        body: &str,
        connections: u32,
        duration: Duration,
    ) -> Result<Load> {
        let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
        fs::write(script.path(), SCRIPT)?;
        let output = Command::new(&self.program)
            // One thread: it keeps up with many times what two cores can execute.
            .args(["--threads", "1", "--timeout", TIMEOUT])
            .args(["--connections", &connections.to_string()])
            .args(["--duration", &format!("{}s", duration.as_secs().max(1))])
            .arg("--script")
            .arg(script.path())
            .arg(url)
            .env("BELLJAR_BENCH_BODY", body)
            .stdin(Stdio::null())
            .output()
            .context("wrk could not be started")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let summary = text.lines().find_map(|line| line.strip_prefix("summary "));
        match summary {
            Some(json) if output.status.success() => {
                serde_json::from_str(json).with_context(|| format!("wrk said {json}"))
            }
            _ => bail!(
                "wrk failed: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
    }
}

impl Load {
    /// Requests that did not end with a good answer.
    pub(crate) fn errors(&self) -> u64 {
        self.status + self.connect + self.read + self.write + self.timeout
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 / (self.micros.max(1) as f64 / 1e6)
    }

    pub(crate) fn p50_ms(&self) -> f64 {
        self.p50 as f64 / 1e3
    }

    pub(crate) fn p99_ms(&self) -> f64 {
        self.p99 as f64 / 1e3
    }

    pub(crate) fn max_ms(&self) -> f64 {
        self.max as f64 / 1e3
    }
}
