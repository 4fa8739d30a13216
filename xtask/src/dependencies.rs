//! cargo-deny, which judges what we depend on: licences, where it comes from, what comes twice, and
//! what is known to be wrong with it. `deny.toml` has the rules.

use crate::checkout::Checkout;
use crate::step;
use crate::wasm::{EXECUTOR_HTTP, FRONT, NATIVE, SHIM};
use anyhow::Result;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The version that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// The time that the database of advisories may take to arrive.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(60);

const ADVICE: &str = "see above, and deny.toml";

/// Checks every workspace. Where cargo-deny cannot be had this is said, and nothing is checked; the
/// same with advisories where their database cannot be had.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let program = match program(checkout) {
        Ok(program) => program,
        Err(error) => {
            eprintln!("xtask: dependencies are not checked: {error:#}");
            return Ok(());
        }
    };
    let mut kinds = vec!["licenses", "bans", "sources"];
    if has_advisories(checkout, &program) {
        kinds.push("advisories");
    } else {
        eprintln!("xtask: advisories are not checked: their database cannot be had");
    }
    // What comes twice in the small workspaces is what Spin's SDK asks for.
    let without_bans: Vec<&str> = kinds
        .iter()
        .copied()
        .filter(|kind| *kind != "bans")
        .collect();
    for workspace in ["", FRONT, SHIM, NATIVE, EXECUTOR_HTTP] {
        let mut deny = deny(checkout, &program, workspace);
        let kinds = match workspace {
            "" => &kinds,
            _ => &without_bans,
        };
        deny.args([
            "check",
            "--hide-inclusion-graph",
            "--deny",
            "unmatched-skip",
        ])
        .args(kinds);
        let name = if workspace.is_empty() {
            "the workspace"
        } else {
            workspace
        };
        step::announced(&format!("dependencies of {name}"), &mut deny, ADVICE)?;
    }
    Ok(())
}

/// cargo-deny, built once for this machine if it is not there.
fn program(checkout: &Checkout) -> Result<PathBuf> {
    let name = format!("cargo-deny-{VERSION}");
    let directory = checkout.cached(&name, |directory| install(checkout, directory))?;
    Ok(directory.join("bin/cargo-deny"))
}

fn install(checkout: &Checkout, directory: &Path) -> Result<()> {
    let mut cargo = checkout.cargo();
    cargo
        .args([
            "install",
            "--locked",
            "--quiet",
            "cargo-deny",
            "--version",
            VERSION,
        ])
        .arg("--root")
        .arg(directory)
        // It runs for a second; it need not be built for minutes to do so.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        // Elsewhere it would fill the target directory of whoever set one.
        .env_remove("CARGO_TARGET_DIR");
    step::announced(
        &format!("cargo-deny {VERSION} (some minutes, once)"),
        &mut cargo,
        "cargo's message above says why",
    )
}

/// True where the database of advisories is there, or can be fetched.
fn has_advisories(checkout: &Checkout, program: &Path) -> bool {
    let mut fetch = deny(checkout, program, "");
    // It has git fetch it, which may ask for a password where it is not let through.
    fetch.args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0");
    step::succeeds_within(&mut fetch, DATABASE_TIMEOUT)
}

/// cargo-deny for a workspace, whose lockfile stays as it is.
fn deny(checkout: &Checkout, program: &Path, workspace: &str) -> Command {
    let root = checkout.root();
    let mut command = Command::new(program);
    command
        .args(["--locked", "--manifest-path"])
        .arg(root.join(workspace).join("Cargo.toml"))
        .arg("--config")
        .arg(root.join("deny.toml"))
        .env(
            "CARGO",
            env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")),
        )
        .stdin(Stdio::null());
    command
}
