//! The things that have to be ready before a script can run, each made if it is not there.

use crate::checkout::Checkout;
use crate::patched::Patched;
use crate::step;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// All that a server, a test or a benchmark needs.
#[derive(Debug)]
pub(crate) struct Products {
    binary: PathBuf,
}

impl Products {
    /// The `belljar` binary, with the HTTP front inside.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// Tells a command where they are.
    pub(crate) fn name_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("BELLJAR_BIN", &self.binary)
    }
}

/// Makes all of it ready.
pub(crate) fn everything(checkout: &Checkout) -> Result<Products> {
    let binary = binary(checkout)?;
    image(&binary)?;
    Ok(Products { binary })
}

/// The `belljar` binary, of the patched build.
pub(crate) fn binary(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar")
}

/// The binary that runs benchmarks, of the same build.
pub(crate) fn bench(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar-bench")
}

/// The binary that runs the fidelity suite, of the same build.
pub(crate) fn fidelity(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar-fidelity")
}

/// Has Cargo build a binary, or find that it is what its sources give.
fn host_binary(checkout: &Checkout, name: &str) -> Result<PathBuf> {
    let patched = Patched::open(checkout)?;
    let binary = patched.binary(name);
    let mut cargo = patched.cargo("build")?;
    cargo.args(["--bin", name]);
    step::run(
        &format!("building {name}"),
        &mut cargo,
        "it needs Rust 1.95 or newer and a C compiler (Debian: apt-get install gcc)",
    )?;
    Ok(binary)
}

/// The image that scripts run in. `belljar` shows its progress and says what to do when it fails.
pub(crate) fn image(binary: &Path) -> Result<()> {
    let mut build = Command::new(binary);
    // It prints where the image is, and standard output belongs to what comes after.
    build.args(["runtime", "build"]).stdout(Stdio::null());
    step::run("the image", &mut build, "see above, then try again")
}
