//! Commands that are steps of something larger: shown, timed, and named when they fail.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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

/// True for a command that ends well within a time, after which it is ended. Nothing of what it prints is
/// shown.
pub(crate) fn succeeds_within(command: &mut Command, time: Duration) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let deadline = Instant::now() + time;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(50)),
            _ => {
                // It may have ended in this moment; either way there is no more to wait for.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The same as [`run`] with a line before and one after, for steps that are one of many.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let started = Instant::now();
        let mut endless = Command::new("sleep");
        assert!(!succeeds_within(
            endless.arg("60"),
            Duration::from_millis(100)
        ));
        assert!(started.elapsed() < Duration::from_secs(30));
        assert!(succeeds_within(
            &mut Command::new("true"),
            Duration::from_secs(30)
        ));
        assert!(!succeeds_within(
            &mut Command::new("false"),
            Duration::from_secs(30)
        ));
        let mut missing = Command::new("/no/such/program");
        assert!(!succeeds_within(&mut missing, Duration::from_secs(30)));
    }
}
