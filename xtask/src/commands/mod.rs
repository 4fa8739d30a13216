//! The commands, one file each.

mod bench;
mod fidelity;
mod package;
mod run;
mod serve;
mod setup;
mod test;

use crate::checkout::Checkout;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

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
    Bench(bench::Bench),
    Fidelity(fidelity::Fidelity),
    Package(package::Package),
}

/// What follows a command's own name and is passed on as it is.
#[derive(Debug, clap::Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    args: Vec<OsString>,
}

/// Runs the command line; the exit status says how it went.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = Checkout::open().and_then(|checkout| match cli.command {
        Task::Setup(command) => command.execute(&checkout),
        Task::Run(command) => command.execute(&checkout),
        Task::Serve(command) => command.execute(&checkout),
        Task::Test(command) => command.execute(&checkout),
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

/// Becomes `command`, so that its output, exit status and signals are ours. Returns on failure.
fn become_command(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_owned();
    let error = command.exec();
    Err(anyhow::Error::new(error).context(format!("could not start {}", program.display())))
}
