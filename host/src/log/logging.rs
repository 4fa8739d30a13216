//! Starting and ending the log of the process.

use super::lines::Lines;
use crate::config::{Log, LogFormat, LogLevel};
use prometheus_client::metrics::counter::Counter;
use std::io::{self, IsTerminal};
use std::sync::{LazyLock, OnceLock};
use tracing::level_filters::LevelFilter;

/// The process's own, as the log is.
static LINES: OnceLock<Lines> = OnceLock::new();
static LOST: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Starts logging, for the whole process. A second call changes nothing.
pub(crate) fn start(log: &Log) -> io::Result<()> {
    if LINES.get().is_some() {
        return Ok(());
    }
    let level = match log.level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let colours = log.format == LogFormat::Human && io::stderr().is_terminal();
    let new = Lines::start(io::stderr(), LOST.clone(), colours)?;
    let lines = LINES.get_or_init(|| new);
    let builder = tracing_subscriber::fmt()
        .with_writer(lines.clone())
        .with_max_level(level);
    // It fails where a test or an embedding program logs already: then that is where lines go.
    let _ = match log.format {
        LogFormat::Human => builder.with_ansi(colours).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Waits, not for long, until what was logged is written: for the end of the process.
pub(crate) fn flush() {
    if let Some(lines) = LINES.get() {
        lines.flush();
    }
}

/// Counts lines that were lost because whoever reads standard error did not keep up.
pub(crate) fn lost() -> Counter {
    LOST.clone()
}
