//! `belljar executor`: the executor contract over HTTP.

use super::output::print;
use anyhow::Result;
use belljar_host::config::{ExecutorFlags, load};
use belljar_host::executor_http::Token;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Where it listens when nobody says: beside `belljar serve`, not in its place.
const LISTEN: &str = "127.0.0.1:8001";

/// Serve the executor protocol, for HTTP fronts that run elsewhere
///
/// POST /v1/execute and GET /v1/describe, for clients that show the bearer token. Settings work as
/// those of `belljar serve`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  openssl rand -hex 32 > token
  belljar executor --listen 127.0.0.1:8001 --token-file token
  curl http://127.0.0.1:8001/v1/execute -H \"Authorization: Bearer $(cat token)\" \\
    --json '{\"mode\": \"function\", \"script\": \"def main(): return 6 * 7\"}'")]
pub(super) struct ExecutorCommand {
    /// A TOML file with settings
    #[arg(long, value_name = "FILE", env = "BELLJAR_CONFIG")]
    config: Option<PathBuf>,

    /// Print the settings that are in force as TOML, and do nothing else
    #[arg(long)]
    print_config: bool,

    #[command(flatten)]
    flags: ExecutorFlags,
}

impl ExecutorCommand {
    pub(super) fn execute(self) -> Result<ExitCode> {
        let config = load(LISTEN, self.config.as_deref(), &self.flags)?;
        if self.print_config {
            print(toml::to_string(&config)?)?;
        } else {
            let token = Token::find(config.executor.token_file.as_deref())?;
            belljar_host::serve_executor(&config, token)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
