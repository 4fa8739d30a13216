//! The baseline: the machine's own `python3`, a new process for every script.

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Runs a script with `main` in a new `python3`, prints its result, and takes the time.
///
/// `None` if this Python lacks the package the script needs.
pub(crate) fn time(script: &str, needs: Option<&str>) -> Result<Option<Duration>> {
    if let Some(package) = needs
        && !has(package)?
    {
        return Ok(None);
    }
    let program = format!("{script}\nimport json\nprint(json.dumps(main()))\n");
    let start = Instant::now();
    let output = python(&program)?;
    let elapsed = start.elapsed();
    if output.is_empty() {
        bail!("native python3 printed no result");
    }
    Ok(Some(elapsed))
}

/// `true` if this Python can import a package.
pub(crate) fn has(package: &str) -> Result<bool> {
    let probe = format!("import importlib.util as u; print(u.find_spec({package:?}) is not None)");
    Ok(python(&probe)?.trim() == "True")
}

/// The output of a program in a new `python3`.
pub(crate) fn python(program: &str) -> Result<String> {
    python_with(program, &[])
}

/// The same with arguments.
pub(crate) fn python_with(program: &str, args: &[&str]) -> Result<String> {
    let output = Command::new(interpreter()?)
        .args(["-c", program])
        .args(args)
        .stdin(Stdio::null())
        .output()
        .context("python3 could not be started")?;
    if !output.status.success() {
        bail!(
            "python3 failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The same with arguments and standard input, for a program that is longer than an argument may be.
pub(crate) fn python_given(program: &str, args: &[&str], input: &[u8]) -> Result<String> {
    let mut script = tempfile::NamedTempFile::new()?;
    script.write_all(program.as_bytes())?;
    let mut child = Command::new(interpreter()?)
        .arg(script.path())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("python3 could not be started")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "python3 failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The interpreter itself: what is on the path may be a wrapper that takes longer than it.
pub(crate) fn interpreter() -> Result<&'static str> {
    static INTERPRETER: OnceLock<Option<String>> = OnceLock::new();
    let found = INTERPRETER.get_or_init(|| {
        // The one that `cargo xtask bench` unpacked can only be started by its own script.
        if let Ok(python) = std::env::var("BELLJAR_BENCH_PYTHON") {
            return Some(python);
        }
        let output = Command::new("python3")
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    });
    found.as_deref().context("python3 could not be started")
}
