//! The commands, one file each.

mod progress;
mod run;
mod runtime;

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
    #[command(subcommand)]
    Runtime(runtime::Runtime),
}

/// Runs the command line; the exit status says how it went.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Run(run) => run.execute(),
        Command::Runtime(runtime) => runtime.execute(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("belljar: {error:#}");
        ExitCode::from(EXIT_USAGE)
    })
}
