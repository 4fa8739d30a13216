//! `cargo xtask fidelity`: programs and tests that others wrote, in the sandbox and natively beside it.
//!
//! A *suite* has *units* (a program, a module of tests), each of which is one execution; a unit has
//! *cases*. What becomes of a case must be the same on both sides, or be expected: the files in
//! `expected/` list every difference with its reason, and they only shrink. A run fails when a
//! difference is new, and when an expected one is gone and still listed.

mod case;
mod compare;
mod document;
mod expected;
mod native;
mod reasons;
mod run;
mod sandboxed;
mod suite;
mod tally;

use clap::Parser;
use std::process::ExitCode;

/// Run other people's tests in the sandbox, and natively beside it.
#[derive(Debug, Parser)]
struct Cli {
    #[command(flatten)]
    options: run::Options,
}

fn main() -> ExitCode {
    match run::run(&Cli::parse().options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("fidelity: {error:#}");
            ExitCode::from(2)
        }
    }
}
