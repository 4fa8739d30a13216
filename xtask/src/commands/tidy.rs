use crate::checkout::Checkout;
use crate::tidy;
use anyhow::Result;
use clap::Args;

/// Check the rules of this repository that need no compiler: CONTRIBUTING.md's "Taste"
///
/// The length of files, what is in lib.rs and mod.rs, circles of imports, CONTRIBUTING.md's table of
/// folders, and how doc comments begin. What deviates already is listed in xtask/tidy.toml.
#[derive(Debug, Args)]
pub(super) struct Tidy {
    /// Take out of xtask/tidy.toml what deviates no longer
    #[arg(long)]
    accept_shrink: bool,
}

impl Tidy {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        tidy::check(checkout.root(), self.accept_shrink)
    }
}
