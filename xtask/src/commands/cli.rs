//! The command line: one variant for each command.

use super::{bench, fidelity, package, run, serve, setup, test, tidy};
use crate::checkout::Checkout;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The exit status for failures of our own: 1 is what `belljar run` says of a script that failed.
const EXIT_FAILURE: u8 = 2;

/// Set Belljar up, run it, test it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Setup(setup::Setup),
    Run(run::Run),
    Serve(serve::Serve),
    #[command(visible_alias = "ci")]
    Test(test::Test),
    Tidy(tidy::Tidy),
    Bench(bench::Bench),
    Fidelity(fidelity::Fidelity),
    Package(package::Package),
}

/// Runs the command line; the exit status says how it went.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = Checkout::open().and_then(|checkout| match cli.command {
        Task::Setup(command) => command.execute(&checkout),
        Task::Run(command) => command.execute(&checkout),
        Task::Serve(command) => command.execute(&checkout),
        Task::Test(command) => command.execute(&checkout),
        Task::Tidy(command) => command.execute(&checkout),
        Task::Bench(command) => command.execute(&checkout),
        Task::Fidelity(command) => command.execute(&checkout),
        Task::Package(command) => command.execute(&checkout),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(EXIT_FAILURE)
        }
    }
}
