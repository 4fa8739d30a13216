use crate::checkout::Checkout;
use crate::setup;
use anyhow::Result;
use clap::Args;

/// Make everything ready: the binary, the HTTP front, and the image that scripts run in
///
/// What is there already is left as it is. Needs Rust, a C compiler, and Python 3 with pip.
/// BELLJAR_CACHE names the directory for everything bulky (default: belljar in the user's cache).
#[derive(Debug, Args)]
pub(super) struct Setup {}

impl Setup {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        setup::everything(checkout)?;
        eprintln!("xtask: ready: `cargo xtask run FILE.py`, `cargo xtask serve`");
        Ok(())
    }
}
