use super::passed_on::Rest;
use super::passed_on::become_command;
use crate::checkout::Checkout;
use crate::{native, setup};
use anyhow::Result;
use clap::Args;
use std::process::Command;

/// Run other people's tests in the sandbox, and natively beside it: see docs/compatibility.md
///
/// `cargo xtask fidelity -- --help` lists the suites and options.
#[derive(Debug, Args)]
#[command(override_usage = "cargo xtask fidelity [OPTIONS OF THE SUITES]")]
pub(super) struct Fidelity {
    #[command(flatten)]
    rest: Rest,
}

impl Fidelity {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let mut fidelity = command(checkout)?;
        become_command(fidelity.args(self.rest.args))
    }
}

/// The program, with all that it needs made ready.
pub(super) fn command(checkout: &Checkout) -> Result<Command> {
    let program = setup::fidelity(checkout)?;
    let binary = setup::binary(checkout)?;
    setup::image(&binary)?;
    let mut command = Command::new(program);
    native::ensure(checkout)?
        .name_in(&mut command)
        .env(
            "BELLJAR_FIDELITY_EXPECTED",
            checkout.root().join("fidelity/expected"),
        )
        .env("BELLJAR_FIDELITY_RESULTS", checkout.target("fidelity"));
    Ok(command)
}
