use super::passed_on::{Rest, become_command};
use crate::checkout::Checkout;
use crate::setup;
use anyhow::Result;
use clap::Args;
use std::process::Command;

/// Serve the HTTP API: set-up as needed, then `belljar serve` with these arguments
///
/// `cargo xtask serve -- --help` lists what it takes.
#[derive(Debug, Args)]
#[command(override_usage = "cargo xtask serve [OPTIONS OF belljar serve]")]
pub(super) struct Serve {
    #[command(flatten)]
    rest: Rest,
}

impl Serve {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let products = setup::everything(checkout)?;
        let mut belljar = Command::new(products.binary());
        become_command(belljar.arg("serve").args(self.rest.args))
    }
}
