//! The commands and what is common to them.

use super::{executor, run, runtime, serve, worker};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The exit status for wrong usage, and for failures of our own.
const EXIT_USAGE: u8 = 2;

/// Run untrusted Python under glass: fresh, bounded WebAssembly sandboxes.
#[derive(Debug, Parser)]
#[command(
    name = "belljar",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Serve(serve::Serve),
    Executor(executor::ExecutorCommand),
    #[command(subcommand)]
    Runtime(runtime::Runtime),
    #[command(hide = true)]
    Worker(worker::Worker),
}

/// Runs the command line; the exit status says how it went.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Run(run) => run.execute(),
        Command::Serve(serve) => serve.execute(),
        Command::Executor(executor) => executor.execute(),
        Command::Runtime(runtime) => runtime.execute(),
        Command::Worker(_) => Ok(worker::Worker::execute()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("belljar: {error:#}");
        ExitCode::from(EXIT_USAGE)
    })
}
