//! Signals to stop.

use crate::log;
use std::future::pending;
use std::io;
use std::process;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The exit status of a process that a signal ended, as shells count.
const SIGNALLED: i32 = 128;

/// SIGTERM and SIGINT.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes the signals over: from now on they do not end the process by themselves.
    pub(crate) fn take() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal; returns its name and number.
    pub(crate) async fn next(&mut self) -> (&'static str, i32) {
        let name = |kind: SignalKind, name| (name, kind.as_raw_value());
        tokio::select! {
            Some(()) = self.terminate.recv() => name(SignalKind::terminate(), "SIGTERM"),
            Some(()) = self.interrupt.recv() => name(SignalKind::interrupt(), "SIGINT"),
            else => pending().await,
        }
    }

    /// Ends the process at the next signal: for whoever does not want to wait.
    pub(crate) fn end_at_next(mut self) {
        tokio::spawn(async move {
            let (name, number) = self.next().await;
            tracing::warn!(signal = name, "ending at once");
            log::flush();
            process::exit(SIGNALLED + number);
        });
    }
}
