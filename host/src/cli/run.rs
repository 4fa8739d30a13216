//! `belljar run`: one script, one answer.

use anyhow::{Context, Result, anyhow, bail};
use belljar::{
    Belljar, Body, Completion, Error, ErrorBody, LimitPolicy, Program, Refusal, SCRIPT_BYTES,
};
use belljar_host::config::{LimitFlags, OfScript};
use clap::Args;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The most that is read as standard input for a script, in bytes.
const STDIN_BYTES: usize = 64 << 20;

/// Run one script in a fresh sandbox and print its answer as JSON
///
/// The script defines `main`; what it returns is the result. The exit status is 0 for a result,
/// 1 when the script failed or was stopped (with --program: when its exit code is not 0), and 2
/// when it was refused, for wrong usage and for a failure of belljar itself.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  belljar run examples/hello.py
  belljar run sum.py --input '[1, 2, 3]'
  echo 'def main(): return 6 * 7' | belljar run -
  belljar run --program filter.py --stdin data.txt --arg --verbose
  belljar run loop.py --timeout-ms 200")]
pub(super) struct Run {
    /// The script, or `-` for standard input
    file: PathBuf,

    /// The argument of `main`, as JSON
    #[arg(long, value_name = "JSON")]
    input: Option<String>,

    /// What the script reads from standard input: a file, or `-` for ours
    #[arg(long, value_name = "FILE")]
    stdin: Option<PathBuf>,

    /// An argument of the script, for `sys.argv`; may be repeated
    #[arg(long = "arg", value_name = "ARG", allow_hyphen_values = true)]
    args: Vec<String>,

    /// An environment variable of the script; may be repeated
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,

    #[command(flatten)]
    limits: LimitFlags<OfScript>,

    /// Make random numbers and clocks depend on this number alone
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Run the script as a whole program: no `main` needed, its exit code is the answer
    #[arg(long, conflicts_with = "input")]
    program: bool,

    /// The image to use instead of the one in the cache: a directory
    #[arg(long, value_name = "PATH", env = "BELLJAR_IMAGE")]
    image: Option<PathBuf>,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

impl Run {
    pub(super) fn execute(self) -> Result<ExitCode> {
        match self.answer() {
            Err(error) => match error.downcast_ref::<Error>() {
                Some(refused @ (Error::Refused(_) | Error::Limit(_))) => {
                    let message = refused.to_string();
                    print(&ErrorBody::new(refused.error_type(), &message, None))?;
                    Ok(ExitCode::from(2))
                }
                _ => Err(error),
            },
            Ok(status) => Ok(status),
        }
    }

    /// Runs the script and prints what came of it.
    fn answer(&self) -> Result<ExitCode> {
        let program = self.program()?;
        let mut builder = Belljar::builder()
            .sandboxes(1)
            .limit_policy(LimitPolicy::widest());
        if let Some(image) = &self.image {
            builder = builder.image(image);
        }
        let outcome = builder.build()?.execute(&program)?;

        print(&Body::new(&outcome, None))?;
        Ok(match outcome.completion {
            Completion::Value(_) | Completion::Exited(0) => ExitCode::SUCCESS,
            Completion::Exited(_) | Completion::Fault(_) => ExitCode::FAILURE,
        })
    }

    fn program(&self) -> Result<Program> {
        let is_stdin = |path: &Path| path.as_os_str() == "-";
        if is_stdin(&self.file) && self.stdin.as_deref().is_some_and(is_stdin) {
            bail!("standard input cannot be both the script and its input");
        }
        let script = read(&self.file, SCRIPT_BYTES)?.map_err(Refusal::ScriptTooLarge);
        let script = script.and_then(|bytes| {
            String::from_utf8(bytes)
                .map_err(|error| Refusal::not_utf8("script", error.utf8_error().valid_up_to()))
        });
        let script = script.map_err(Error::from)?;
        let mut program = if self.program {
            Program::program(script)
        } else {
            Program::function(script)
        };
        if let Some(input) = &self.input {
            program = program.input(input);
        }
        if let Some(stdin) = &self.stdin {
            let bytes = read(stdin, STDIN_BYTES)?.map_err(|found| {
                let found = found.map_or("more".to_owned(), |bytes| bytes.to_string());
                let name = name(stdin);
                anyhow!("{name}: expected at most {STDIN_BYTES} bytes, found {found}")
            })?;
            program = program.stdin(bytes);
        }
        if let Some(seed) = self.seed {
            program = program.seed(seed);
        }
        Ok(program
            .args(self.args.clone())
            .env(self.env.clone())
            .limits(self.limits.limits))
    }
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Prints an answer: on a terminal for people, else in one line.
fn print(answer: &impl Serialize) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let written = if stdout.is_terminal() {
        serde_json::to_writer_pretty(&mut stdout, answer)
    } else {
        serde_json::to_writer(&mut stdout, answer)
    };
    written
        .map_err(std::io::Error::from)
        .and_then(|()| writeln!(stdout))
        .context("could not write the answer")
}

/// Reads a file, or our standard input for `-`. One that is longer than `limit` bytes is an error
/// inside: how long it is, where that can be told.
fn read(path: &Path, limit: usize) -> Result<Result<Vec<u8>, Option<usize>>> {
    let mut bytes = Vec::new();
    // One byte more, to see that there is more.
    let mut take = |source: &mut dyn Read| source.take(limit as u64 + 1).read_to_end(&mut bytes);
    let outcome = if path.as_os_str() == "-" {
        take(&mut std::io::stdin().lock())
    } else {
        let is_directory = fs::metadata(path).is_ok_and(|metadata| metadata.is_dir());
        if is_directory {
            bail!("{}: is a directory, expected a file", path.display());
        }
        File::open(path).and_then(|mut file| take(&mut file))
    };
    outcome.with_context(|| format!("could not read {}", name(path)))?;
    if bytes.len() > limit {
        // What is no plain file has no length.
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file);
        return Ok(Err(metadata.and_then(|file| file.len().try_into().ok())));
    }
    Ok(Ok(bytes))
}
