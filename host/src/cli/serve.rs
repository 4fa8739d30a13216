//! `belljar serve`: the HTTP API.

use super::output::print;
use anyhow::Result;
use belljar_host::config::{ServeFlags, load};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Where it listens when nobody says.
const LISTEN: &str = "127.0.0.1:8000";

/// Serve the HTTP API
///
/// Every setting can be given as a flag, in the environment, or in a TOML file, in this order of
/// precedence; --print-config shows what comes out, in the form of that file. SIGTERM and SIGINT
/// end the server when what runs has ended; a second one ends it at once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  belljar serve
  belljar serve --listen 127.0.0.1:0 --admin-listen 127.0.0.1:9000 --log-format json
  belljar serve --config belljar.toml --print-config
  curl http://127.0.0.1:8000/execute --json '{\"script\": \"def main(): return 6 * 7\"}'")]
pub(super) struct Serve {
    /// A TOML file with settings
    #[arg(long, value_name = "FILE", env = "BELLJAR_CONFIG")]
    config: Option<PathBuf>,

    /// Print the settings that are in force as TOML, and do nothing else
    #[arg(long)]
    print_config: bool,

    #[command(flatten)]
    flags: ServeFlags,
}

impl Serve {
    pub(super) fn execute(self) -> Result<ExitCode> {
        let config = load(LISTEN, self.config.as_deref(), &self.flags)?;
        if self.print_config {
            print(toml::to_string(&config)?)?;
        } else {
            belljar_host::serve(&config)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
