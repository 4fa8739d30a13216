use super::passed_on::{Rest, become_command};
use crate::checkout::Checkout;
use crate::setup;
use anyhow::Result;
use clap::Args;
use std::process::Command;

/// Run one script in a fresh sandbox: set-up as needed, then `belljar run` with these arguments
///
/// `cargo xtask run -- --help` lists what it takes; the exit status is its own.
#[derive(Debug, Args)]
#[command(
    override_usage = "cargo xtask run FILE.py [OPTIONS OF belljar run]",
    after_help = "Example: cargo xtask run examples/hello.py"
)]
pub(super) struct Run {
    #[command(flatten)]
    rest: Rest,
}

impl Run {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let binary = setup::binary(checkout)?;
        setup::image(&binary)?;
        become_command(Command::new(binary).arg("run").args(self.rest.args))
    }
}
