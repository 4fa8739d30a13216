//! ruff and mypy, which judge the Python harness.
//!
//! Both are pinned, and pip puts them into the cache. Not into a virtual environment, which Debian's
//! Python can make only with one more package, and which cannot be moved into place once it is whole.

use crate::checkout::Checkout;
use crate::step;
use anyhow::{Context, Result};
use belljar_cache::key;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The harness, with the settings of both.
const HARNESS: &str = "python-runtime/harness";

/// The tools and their versions.
const REQUIREMENTS: &str = "xtask/python-lints.txt";

const ADVICE: &str = "cure what it says";

/// Checks the harness. Where the tools cannot be had this is said, and nothing is checked.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let tools = match tools(checkout) {
        Ok(tools) => tools,
        Err(error) => {
            eprintln!("xtask: the Python harness is not linted: {error:#}");
            return Ok(());
        }
    };
    let harness = checkout.root().join(HARNESS);
    for (name, arguments) in [
        ("ruff of the Python harness", ["check", "--no-cache"]),
        ("ruff's format of it", ["format", "--check"]),
    ] {
        let mut ruff = Command::new(tools.join("bin/ruff"));
        ruff.args(arguments).current_dir(&harness);
        step::announced(name, &mut ruff, ADVICE)?;
    }
    let mut mypy = Command::new("python3");
    mypy.args(["-m", "mypy", "--cache-dir"])
        .arg(checkout.target("mypy"))
        .env("PYTHONPATH", &tools)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&harness);
    step::announced("mypy of the Python harness", &mut mypy, ADVICE)
}

/// The directory of the tools, made with pip if it is not there.
fn tools(checkout: &Checkout) -> Result<PathBuf> {
    let requirements = checkout.root().join(REQUIREMENTS);
    let list = fs::read(&requirements).with_context(|| format!("could not read {REQUIREMENTS}"))?;
    let name = format!("python-lints-{}-{}", python_version()?, key(list));
    checkout.cached(&name, |directory| install(&requirements, directory))
}

fn install(requirements: &Path, directory: &Path) -> Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--target"])
        .arg(directory)
        .arg("--requirement")
        .arg(requirements);
    let advice = "it needs Python 3.10 or later with pip (PIP_INDEX_URL names another index)";
    step::announced("ruff and mypy, with pip", &mut pip, advice)
}

/// The version of Python that mypy is compiled for.
fn python_version() -> Result<String> {
    let output = Command::new("python3")
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .output()
        .context("python3 could not be started")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
