//! schemathesis, a program that judges HTTP APIs by what they say of themselves.

use belljar_cache::{Cache, key};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// It takes half a minute. What takes this long waits for an answer that never comes.
const TIMEOUT_SECONDS: &str = "900";

/// Runs all checks against the API at `url`. What it printed: [`Err`] if it was not content.
///
/// # Errors
///
/// Also when it cannot be run.
pub fn judge(url: &str) -> Result<String, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis");
    let packages = installed(&directory.join("requirements.txt"))?;
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    let output = Command::new("timeout")
        .args([TIMEOUT_SECONDS, "python3"])
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(directory.join("schemathesis.toml"))
        .args(["run", &format!("{url}/openapi.json"), "--checks", "all"])
        .args(["--max-failures", "20", "--no-color", "--phases"])
        .arg("examples,coverage,fuzzing,stateful")
        .env("PYTHONPATH", packages)
        .env("SCHEMATHESIS_HOOKS", directory.join("hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Where it leaves its own files.
        .current_dir(work.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("python3 could not be started: {error}"))?;
    let text = text_of(&output);
    if output.status.success() {
        Ok(text)
    } else {
        Err(text)
    }
}

/// The directory with schemathesis and what it needs, made with pip if it is not there.
///
/// Not a virtual environment, which Debian's Python can make only with one more package, and which
/// cannot be moved into place once it is whole.
fn installed(requirements: &Path) -> Result<PathBuf, String> {
    let list = fs::read(requirements).map_err(text)?;
    let name = format!("schemathesis-{}-{}", python_version()?, key(list));
    let cache = Cache::open().map_err(text)?;
    let waiting = || eprintln!("Waiting for another set-up ...");
    let entry = cache.ensure(&name, waiting, |directory| {
        install(requirements, directory).map_err(Failure)
    });
    entry.map_err(|Failure(reason)| reason)
}

/// A reason in words, which the cache passes on.
struct Failure(String);

impl From<belljar_cache::Error> for Failure {
    fn from(error: belljar_cache::Error) -> Self {
        Self(text(error))
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

/// Has pip install it, which knows the user's index, proxy and certificates.
fn install(requirements: &Path, directory: &Path) -> Result<(), String> {
    let output = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args([
            "--no-input",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--target",
        ])
        .arg(directory)
        .arg("--requirement")
        .arg(requirements)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("python3 could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "schemathesis, which judges the HTTP API, could not be installed with pip (Python 3.10 \
         or later and a package index are needed; PIP_INDEX_URL names another index):\n{}",
        text_of(&output)
    ))
}

fn python_version() -> Result<String, String> {
    let output = Command::new("python3")
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .output()
        .map_err(|error| format!("python3 could not be started: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn text_of(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    format!("{stdout}{}", String::from_utf8_lossy(&output.stderr))
}
