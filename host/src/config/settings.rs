//! Each setting and its default.

use super::limits::Limits;
use belljar_pool::PARKED;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// Everything that can be configured: the content of the TOML file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The listener.
    pub http: Http,
    /// What executes scripts.
    pub pool: Pool,
    /// What scripts may use.
    pub limits: Limits,
    /// The HTTP front. Only `belljar serve` has one.
    pub front: Front,
    /// Who may use the executor protocol. Only for `belljar executor`.
    #[serde(skip_serializing_if = "Executor::is_default")]
    pub executor: Executor,
    /// The log.
    pub log: Log,
}

/// The listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address to listen on: `host:port`. Port 0 takes any free one.
    pub listen: String,
    /// Address for metrics and health, for operators only. Absent means none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_listen: Option<String>,
    /// Names that the server answers to, with a port or without; `*` means any. None means the names
    /// of this machine for itself if `listen` is an address for itself, else any.
    pub allowed_hosts: Vec<String>,
    /// Connections at once. For one more, one that waits for its client is closed, or it is answered
    /// with 503. One address may have three quarters of them, unless `client_header` is set.
    pub max_connections: u32,
    /// Memory for bodies that are being sent and answers that are being taken, in bytes. A client may
    /// have as much of it as is left for others; beyond that it is answered with 503.
    pub memory_bytes: usize,
    /// Size of a request's head, in bytes: request line and headers.
    pub header_bytes: u32,
    /// Time for a request's head to arrive, from its first byte (on a new connection, from its
    /// start).
    pub header_timeout_ms: u64,
    /// Time for a request's body to arrive.
    pub body_timeout_ms: u64,
    /// Time that a client may take to accept more of an answer.
    pub write_timeout_ms: u64,
    /// Time that a connection may stay open between two requests.
    pub idle_timeout_ms: u64,
    /// Time that running requests get to end after the first signal to stop.
    pub shutdown_grace_ms: u64,
    /// A header whose last element names the client, set by a proxy in front: for fairness between
    /// clients. Absent means the address of the peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_header: Option<String>,
}

/// What executes scripts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pool {
    /// Worker processes.
    pub workers: u32,
    /// Sandboxes of all workers together: how many scripts run at once.
    pub sandboxes: u32,
    /// Executions that may sleep, or wait for their reader, beside those that run: of all workers.
    pub parked: u32,
    /// The memory of those, in bytes.
    pub parked_bytes: u64,
    /// Executions that may wait for a sandbox; one more is `overloaded`.
    pub queue: u32,
    /// How long one may wait before it is `overloaded`, too.
    pub queue_timeout_ms: u64,
    /// The image to run scripts in, instead of the one in the cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<PathBuf>,
}

/// The HTTP front.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Front {
    /// The front's component, instead of the one inside this program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<PathBuf>,
    /// Origins of other sites whose pages may call the API; `*` means any.
    pub cors_allow_origins: Vec<String>,
    /// Sites whose pages may show `/embed` in a frame, as the directive `frame-ancestors` of a
    /// `Content-Security-Policy` takes them.
    pub frame_ancestors: Vec<String>,
}

impl Default for Front {
    fn default() -> Self {
        Self {
            component: None,
            cors_allow_origins: Vec::new(),
            // It is made to be embedded, and has no cookies to be tricked out of.
            frame_ancestors: vec!["*".to_owned()],
        }
    }
}

/// Who may use the executor protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Executor {
    /// The file that holds the bearer token. The token itself is never part of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
}

impl Executor {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// Which lines there are.
    pub level: LogLevel,
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// The least severity that is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Faults of ours.
    Error,
    /// And what an operator should look at.
    Warn,
    /// And a line for every request.
    #[default]
    Info,
    /// And details for finding faults.
    Debug,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            // This machine only: whoever offers it to others does so knowingly.
            listen: "127.0.0.1:8000".to_owned(),
            admin_listen: None,
            allowed_hosts: Vec::new(),
            max_connections: 1024,
            // Some 40 of the largest answers, or 250 of the largest bodies.
            memory_bytes: 256 << 20,
            // What proxies and browsers send fits many times.
            header_bytes: 32 << 10,
            header_timeout_ms: 10_000,
            // 1 MiB at a slow mobile connection.
            body_timeout_ms: 30_000,
            write_timeout_ms: 30_000,
            // Longer than the 60 s that proxies keep theirs, so that they close, not we.
            idle_timeout_ms: 75_000,
            // The longest script, by default.
            shutdown_grace_ms: 30_000,
            client_header: None,
        }
    }
}

impl Http {
    pub(crate) fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    pub(crate) fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms)
    }

    pub(crate) fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    pub(crate) fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
    }

    pub(crate) fn shutdown_grace(&self) -> Duration {
        Duration::from_millis(self.shutdown_grace_ms)
    }
}

impl Default for Pool {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let workers = u32::try_from(cores).unwrap_or(1);
        Self {
            workers,
            sandboxes: workers.saturating_mul(8),
            parked: PARKED,
            parked_bytes: 1 << 30,
            queue: 1024,
            queue_timeout_ms: 30_000,
            image: None,
        }
    }
}
