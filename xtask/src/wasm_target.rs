//! A Rust toolchain that compiles for the target of Spin components.
//!
//! In order of choice:
//!
//! 1. the active toolchain, if it has the target;
//! 2. the toolchain that way 4 made earlier;
//! 3. the active toolchain, once rustup has added the target to it;
//! 4. one made from Debian's packages, where rustup cannot be had or cannot reach its server. It
//!    lies in the cache, nothing is installed, and no root is needed.

use crate::checkout::Checkout;
use crate::step;
use anyhow::{Context, Result};
use belljar_cache::key;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// WASI 0.2: the one that every version of Spin takes.
pub(crate) const TARGET: &str = "wasm32-wasip2";

/// Makes the toolchain of way 4; what it does is told there.
const SCRIPT: &str = "xtask/debian-wasm-toolchain.sh";

/// The time that rustup may take for its download of 20 MB before we do without it. Where its server
/// does not answer it tries for many minutes.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(180);

const ADVICE: &str = "install the target yourself (`rustup target add wasm32-wasip2`, or the \
                      package that your system has for it) and try again";

/// A toolchain with the target.
#[derive(Debug)]
pub(crate) enum Toolchain {
    /// The one that Cargo uses by itself.
    Active,
    /// One of our own, in this directory.
    Own(PathBuf),
}

impl Toolchain {
    /// Makes a Cargo command use this toolchain.
    pub(crate) fn choose_for(&self, cargo: &mut Command) {
        if let Self::Own(directory) = self {
            cargo.env("RUSTC", directory.join("bin/rustc"));
        }
    }
}

/// A toolchain with the target, made if there is none.
pub(crate) fn ensure(checkout: &Checkout) -> Result<Toolchain> {
    if active_has_target() {
        return Ok(Toolchain::Active);
    }
    let script = checkout.root().join(SCRIPT);
    let content =
        fs::read_to_string(&script).with_context(|| format!("could not read {SCRIPT}"))?;
    let entry = format!("toolchain-{TARGET}-{}", key(&content));
    if let Some(directory) = checkout.find_cached(&entry) {
        return Ok(Toolchain::Own(directory));
    }
    if rustup_adds_target() {
        return Ok(Toolchain::Active);
    }
    let directory = checkout.cached(&entry, |directory| {
        step::announced(
            &format!("a toolchain for {TARGET} from Debian's packages (2 minutes, 0.5 GB)"),
            Command::new("sh").arg(&script).arg(directory).arg(TARGET),
            ADVICE,
        )
    })?;
    Ok(Toolchain::Own(directory))
}

/// True where the active toolchain has the target's standard library.
fn active_has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let Ok(output) = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .stderr(Stdio::null())
        .output()
    else {
        return false;
    };
    let directory = String::from_utf8_lossy(&output.stdout);
    let Ok(files) = fs::read_dir(directory.trim_end()) else {
        return false;
    };
    output.status.success()
        && files.flatten().any(|file| {
            let name = file.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
}

/// True where rustup could add the target to the active toolchain.
fn rustup_adds_target() -> bool {
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]);
    eprintln!("xtask: rustup target add {TARGET} ...");
    let added = step::succeeds_within(&mut rustup, RUSTUP_TIMEOUT) && active_has_target();
    let outcome = if added { "ok" } else { "did not work" };
    eprintln!("xtask: rustup target add {TARGET}: {outcome}");
    added
}
