//! Commands that are steps of something larger: shown, timed, and named when they fail.

use anyhow::{Context, Result, bail};
use std::process::Command;
use std::time::Instant;

/// Runs a command to its end. When it fails the error says which step that was and what to do,
/// after what the command itself has printed.
pub(crate) fn run(name: &str, command: &mut Command, advice: &str) -> Result<()> {
    let program = command.get_program().to_owned();
    let status = command
        .status()
        .with_context(|| format!("{name}: could not start {}; {advice}", program.display()))?;
    if !status.success() {
        bail!("{name}: failed ({status}); {advice}");
    }
    Ok(())
}

/// The same with a line before and one after, for steps that are one of many.
pub(crate) fn announced(name: &str, command: &mut Command, advice: &str) -> Result<()> {
    eprintln!("xtask: {name} ...");
    let started = Instant::now();
    run(name, command, advice)?;
    eprintln!(
        "xtask: {name}: ok, {:.1} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
