use super::{Rest, become_command};
use crate::checkout::Checkout;
use crate::setup;
use anyhow::Result;
use clap::Args;
use std::process::Command;

/// Measure Belljar beside native Python: set-up as needed, then `belljar-bench` with these arguments
///
/// `cargo xtask bench -- --help` lists the benchmarks.
#[derive(Debug, Args)]
#[command(override_usage = "cargo xtask bench [NAME] [OPTIONS OF THE BENCHMARK]")]
pub(super) struct Bench {
    #[command(flatten)]
    rest: Rest,
}

impl Bench {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let bench = setup::bench(checkout)?;
        let products = setup::everything(checkout)?;
        become_command(
            products
                .name_in(&mut Command::new(bench))
                .args(self.rest.args),
        )
    }
}
