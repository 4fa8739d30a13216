//! wrk, the load generator of `cargo xtask bench http`.
//!
//! In order of choice:
//!
//! 1. the one that `$BELLJAR_WRK` names;
//! 2. the one on the path;
//! 3. Debian's packages, downloaded by apt and unpacked in the cache: nothing is installed, and no
//!    root is needed. What apt downloads is checked against its signed lists.

use crate::checkout::Checkout;
use crate::step;
use anyhow::{Context, Result, bail};
use belljar_cache::key;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// wrk, and the interpreter of its scripts. What else it needs is on every system.
const PACKAGES: [&str; 2] = ["wrk", "libluajit-5.1-2"];

const ADVICE: &str = "install wrk 4 (https://github.com/wg/wrk) so that it is on the path, or name \
                      it in BELLJAR_WRK";

/// A wrk, and how to start it.
#[derive(Debug)]
pub(crate) enum Wrk {
    /// `belljar-bench` finds it by itself.
    Installed,
    /// In the cache: the program, and its libraries.
    Unpacked {
        program: PathBuf,
        libraries: PathBuf,
    },
}

impl Wrk {
    /// Tells a command where it is.
    pub(crate) fn name_in(&self, command: &mut Command) {
        if let Self::Unpacked { program, libraries } = self {
            command
                .env("BELLJAR_WRK", program)
                .env("LD_LIBRARY_PATH", libraries);
        }
    }
}

/// A wrk, fetched if there is none.
pub(crate) fn ensure(checkout: &Checkout) -> Result<Wrk> {
    if env::var_os("BELLJAR_WRK").is_some() || is_on_path() {
        return Ok(Wrk::Installed);
    }
    let entry = format!("wrk-{}", key(PACKAGES.join(" ")));
    let directory = checkout.cached(&entry, unpack)?;
    let libraries = subdirectory_with(&directory.join("usr/lib"), "libluajit-5.1.so.2")?;
    Ok(Wrk::Unpacked {
        program: directory.join("usr/bin/wrk"),
        libraries,
    })
}

fn is_on_path() -> bool {
    let mut wrk = Command::new("wrk");
    wrk.arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    wrk.status().is_ok()
}

fn unpack(directory: &Path) -> Result<()> {
    let packages = directory.join("packages");
    fs::create_dir(&packages)?;
    step::announced(
        "wrk, from Debian's packages",
        Command::new("apt-get")
            .args(["-qq", "-o", "APT::Sandbox::User=", "download"])
            .args(PACKAGES)
            .current_dir(&packages),
        ADVICE,
    )?;
    for package in fs::read_dir(&packages)? {
        step::run(
            "unpacking",
            Command::new("dpkg-deb")
                .arg("--extract")
                .arg(package?.path())
                .arg(directory),
            ADVICE,
        )?;
    }
    fs::remove_dir_all(&packages)?;
    Ok(())
}

/// The directory below `parent` that has this file: Debian's are named after the architecture.
fn subdirectory_with(parent: &Path, name: &str) -> Result<PathBuf> {
    let entries =
        fs::read_dir(parent).with_context(|| format!("could not read {}", parent.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.join(name).exists() {
            return Ok(path);
        }
    }
    bail!("the packages of wrk have no {name}; {ADVICE}")
}
