//! Commands that hand over to another program.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The arguments after a command's own name, which are passed on as they are.
#[derive(Debug, clap::Args)]
pub(super) struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(super) args: Vec<OsString>,
}

/// Becomes `command`, so that its output, exit status and signals are ours. Returns on failure.
pub(super) fn become_command(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_owned();
    let error = command.exec();
    Err(anyhow::Error::new(error).context(format!("could not start {}", program.display())))
}
