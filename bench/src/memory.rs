//! Memory: what a sandbox costs, and whether anything grows.

use crate::latency::SCRIPTS;
use anyhow::{Context, Result};
use belljar::{Belljar, Program};
use clap::Args;
use std::fs;

/// The options of the memory benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Executions of the growth test
    #[arg(long, default_value_t = 20_000)]
    executions: u32,
    /// Sandboxes that exist at once
    #[arg(long, default_value_t = 16)]
    concurrent: u32,
}

/// Anonymous memory of this process in KiB: what is its own, not shared with other processes.
fn anonymous_kib() -> Result<u64> {
    status_kib(std::process::id(), "RssAnon")
}

/// The number that the kernel gives for a process under this name, in KiB.
pub(crate) fn status_kib(pid: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .with_context(|| format!("the kernel says no {name} of process {pid}"))?;
    let number = value.split_whitespace().next();
    Ok(number.unwrap_or_default().parse()?)
}

/// The memory that one execution writes in a sandbox that nobody has used before. It includes what
/// the first one needs of the process beside it: its stack, the engine's bookkeeping.
fn written_kib(script: &str) -> Result<u64> {
    let program = Program::function(script);
    let belljar = Belljar::builder().sandboxes(1).build()?;
    let before = anonymous_kib()?;
    let (_, remains) = belljar.execute_first(&program, &belljar.canceller())?;
    let written = anonymous_kib()?.saturating_sub(before);
    drop(remains);
    Ok(written)
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let tiny = Program::function("def main():\n    return {'answer': 4}\n");
    let belljar = Belljar::builder().sandboxes(2).build()?;
    for _ in 0..200 {
        belljar.execute(&tiny)?;
    }
    let before = anonymous_kib()?;
    println!("| executions | anonymous memory MiB |");
    println!("|---|---|");
    let mib = |kib: u64| kib / 1024;
    println!("| 200 | {} |", mib(before));
    for step in 1..=4 {
        for _ in 0..options.executions / 4 {
            belljar.execute(&tiny)?;
        }
        println!(
            "| {} | {} |",
            200 + step * (options.executions / 4),
            mib(anonymous_kib()?)
        );
    }
    drop(belljar);

    println!("\n| script | memory it writes KiB |");
    println!("|---|---|");
    for (name, script, _) in SCRIPTS {
        println!("| {name} | {} |", written_kib(script)?);
    }

    let sleeping = Program::function("import time\ndef main():\n    time.sleep(1)\n    return 4\n");
    let belljar = Belljar::builder().sandboxes(options.concurrent).build()?;
    let before = anonymous_kib()?;
    let during = std::thread::scope(|scope| {
        for _ in 0..options.concurrent {
            scope.spawn(|| belljar.execute(&sleeping));
        }
        std::thread::sleep(std::time::Duration::from_millis(600));
        anonymous_kib()
    })?;
    let each = during.saturating_sub(before) / u64::from(options.concurrent);
    println!(
        "\n{} concurrent tiny sandboxes: {each} KiB each",
        options.concurrent
    );
    Ok(())
}
