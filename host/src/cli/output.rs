//! The output of commands.

use anyhow::{Context, Result};
use std::fmt::Display;
use std::io::Write;

/// Prints what a command was asked for. Whoever should read it may be gone, which is an error and
/// not, as with `print!`, a panic.
pub(super) fn print(text: impl Display) -> Result<()> {
    write!(std::io::stdout().lock(), "{text}").context("could not write to standard output")
}
