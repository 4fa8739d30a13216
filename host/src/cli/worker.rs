//! `belljar worker`: the child process of a pool. Not for people.

use clap::Args;
use std::process::ExitCode;

/// Execute scripts for the server that started this process
#[derive(Debug, Args)]
pub(super) struct Worker {}

impl Worker {
    pub(super) fn execute() -> ExitCode {
        belljar_pool::worker_main()
    }
}
