//! The command line's and the environment's share of the configuration.
//!
//! The structs mirror those of [`Config`](super::Config), every field optional: serialised, they
//! are the part of it that flags and variables give. Flags win over variables by clap's own rule.

use super::limit_flags::{AtMost, ByDefault, LimitFlags};
use super::settings::{LogFormat, LogLevel};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// The settings of `belljar serve`.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct ServeFlags {
    #[command(flatten)]
    http: HttpFlags,
    #[command(flatten)]
    front: FrontFlags,
    #[command(flatten)]
    pool: PoolFlags,
    #[command(flatten)]
    limits: LimitsFlags,
    #[command(flatten)]
    log: LogFlags,
}

/// The settings of `belljar executor`.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct ExecutorFlags {
    #[command(flatten)]
    http: HttpFlags,
    #[command(flatten)]
    executor: TokenFlags,
    #[command(flatten)]
    pool: PoolFlags,
    #[command(flatten)]
    limits: LimitsFlags,
    #[command(flatten)]
    log: LogFlags,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "HTTP")]
struct HttpFlags {
    /// Address to listen on; port 0 takes any free one [default: 127.0.0.1:8000, executor: 8001]
    #[arg(long, value_name = "HOST:PORT", env = "BELLJAR_LISTEN")]
    listen: Option<String>,

    /// Address for /metrics and /healthz, for operators only [default: none]
    #[arg(long, value_name = "HOST:PORT", env = "BELLJAR_ADMIN_LISTEN")]
    admin_listen: Option<String>,

    /// Names that the server answers to, separated by commas; `*` for any
    /// [default: those of this machine for itself if it listens for itself, else any]
    #[arg(
        long,
        value_name = "HOSTS",
        env = "BELLJAR_ALLOWED_HOSTS",
        value_delimiter = ','
    )]
    allowed_hosts: Option<Vec<String>>,

    /// Connections at once; one more takes the place of an idle one or gets a 503 [default: 1024]
    #[arg(long, value_name = "N", env = "BELLJAR_MAX_CONNECTIONS")]
    max_connections: Option<u32>,

    /// Memory for bodies on their way in and answers on their way out; beyond it is a 503
    /// [default: 268435456]
    #[arg(
        long = "http-memory-bytes",
        value_name = "BYTES",
        env = "BELLJAR_HTTP_MEMORY_BYTES"
    )]
    #[arg(id = "http_memory_bytes")]
    memory_bytes: Option<usize>,

    /// Size of a request's head [default: 32768]
    #[arg(long, value_name = "BYTES", env = "BELLJAR_HEADER_BYTES")]
    header_bytes: Option<u32>,

    /// Time for a request's head to arrive [default: 10000]
    #[arg(long, value_name = "MS", env = "BELLJAR_HEADER_TIMEOUT_MS")]
    header_timeout_ms: Option<u64>,

    /// Time for a request's body to arrive [default: 30000]
    #[arg(long, value_name = "MS", env = "BELLJAR_BODY_TIMEOUT_MS")]
    body_timeout_ms: Option<u64>,

    /// Time that a client may take to accept more of an answer [default: 30000]
    #[arg(long, value_name = "MS", env = "BELLJAR_WRITE_TIMEOUT_MS")]
    write_timeout_ms: Option<u64>,

    /// Time that a connection may stay open between two requests [default: 75000]
    #[arg(long, value_name = "MS", env = "BELLJAR_IDLE_TIMEOUT_MS")]
    idle_timeout_ms: Option<u64>,

    /// Time that running requests get after SIGTERM or SIGINT [default: 30000]
    #[arg(long, value_name = "MS", env = "BELLJAR_SHUTDOWN_GRACE_MS")]
    shutdown_grace_ms: Option<u64>,

    /// Header whose last element names the client, set by your proxy [default: the peer's address]
    #[arg(long, value_name = "NAME", env = "BELLJAR_CLIENT_HEADER")]
    client_header: Option<String>,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Front")]
struct FrontFlags {
    /// The front's component [default: the one inside this program]
    #[arg(long, value_name = "PATH", env = "BELLJAR_COMPONENT")]
    component: Option<PathBuf>,

    /// Origins of other sites whose pages may call the API, separated by commas; `*` for any
    #[arg(
        long,
        value_name = "ORIGINS",
        env = "BELLJAR_CORS_ALLOW_ORIGINS",
        value_delimiter = ','
    )]
    cors_allow_origins: Option<Vec<String>>,

    /// Sites whose pages may show /embed in a frame, separated by commas; 'self', 'none'
    /// or `*` for any [default: *]
    #[arg(
        long,
        value_name = "SITES",
        env = "BELLJAR_FRAME_ANCESTORS",
        value_delimiter = ','
    )]
    frame_ancestors: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Executor")]
struct TokenFlags {
    /// File with the bearer token that clients must show; or set BELLJAR_EXECUTOR_TOKEN
    #[arg(long, value_name = "FILE", env = "BELLJAR_EXECUTOR_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Sandboxes")]
struct PoolFlags {
    /// Worker processes [default: one per core]
    #[arg(long, value_name = "N", env = "BELLJAR_WORKERS")]
    workers: Option<u32>,

    /// Scripts that run at once, all workers together; rounded up to a multiple of them
    /// [default: 8 per core]
    #[arg(long, value_name = "N", env = "BELLJAR_SANDBOXES")]
    sandboxes: Option<u32>,

    /// Scripts that may sleep beside those that run, all workers together; rounded up to a multiple of
    /// them, and to 8 for each [default: 512]
    #[arg(long, value_name = "N", env = "BELLJAR_PARKED")]
    parked: Option<u32>,

    /// Memory of the scripts that sleep beside those that run [default: 1073741824]
    #[arg(long, value_name = "BYTES", env = "BELLJAR_PARKED_BYTES")]
    parked_bytes: Option<u64>,

    /// Scripts that may wait for a sandbox; one more is answered with 503 [default: 1024]
    #[arg(long, value_name = "N", env = "BELLJAR_QUEUE")]
    queue: Option<u32>,

    /// Time that a script may wait for a sandbox [default: 30000]
    #[arg(long, value_name = "MS", env = "BELLJAR_QUEUE_TIMEOUT_MS")]
    queue_timeout_ms: Option<u64>,

    /// The image to run scripts in, instead of the one in the cache: a directory
    #[arg(long, value_name = "PATH", env = "BELLJAR_IMAGE")]
    image: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
struct LimitsFlags {
    #[command(flatten)]
    default: LimitFlags<ByDefault>,
    #[command(flatten)]
    maximum: LimitFlags<AtMost>,
}

#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Log")]
struct LogFlags {
    /// How lines of the log look [default: human]
    #[arg(long = "log-format", value_name = "FORMAT", env = "BELLJAR_LOG_FORMAT")]
    #[arg(id = "log_format")]
    format: Option<LogFormat>,

    /// The least severity that is logged; `info` has a line for every request [default: info]
    #[arg(long = "log-level", value_name = "LEVEL", env = "BELLJAR_LOG_LEVEL")]
    #[arg(id = "log_level")]
    level: Option<LogLevel>,
}
