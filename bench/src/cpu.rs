//! CPU-bound kernels in a sandbox, beside the same in native Python.

use crate::native;
use anyhow::{Context, Result, bail};
use belljar::{Belljar, Completion, Limits, Maxima, Program};
use clap::Args;

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds: the best of each counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Only the kernel of this name
    #[arg(long)]
    only: Option<String>,
}

/// The kernels: name, source, package it needs natively. Each defines `kernel()`.
const KERNELS: &[(&str, &str, Option<&str>)] = &[
    ("nbody", include_str!("../kernels/nbody.py"), None),
    ("fannkuch", include_str!("../kernels/fannkuch.py"), None),
    ("json", include_str!("../kernels/json_text.py"), None),
    ("regex", include_str!("../kernels/regex.py"), None),
    ("objects", include_str!("../kernels/objects.py"), None),
    ("strings", include_str!("../kernels/strings.py"), None),
    ("exceptions", include_str!("../kernels/exceptions.py"), None),
    (
        "groupby",
        include_str!("../kernels/groupby.py"),
        Some("pandas"),
    ),
    (
        "matmul",
        include_str!("../kernels/matmul.py"),
        Some("numpy"),
    ),
    ("sort", include_str!("../kernels/sort.py"), Some("numpy")),
];

/// Runs the kernel once to warm it up, once for the time, and returns seconds.
const TIMER: &str = "
import time
def main():
    kernel()
    start = time.perf_counter()
    kernel()
    return time.perf_counter() - start
";

pub(crate) fn run(options: &Options) -> Result<()> {
    let belljar = Belljar::builder()
        .sandboxes(1)
        .maxima(Maxima::widest())
        .build()?;
    println!("| kernel | sandbox ms | native ms | ratio | fuel | million units/s |");
    println!("|---|---|---|---|---|---|");
    for (name, source, needs) in KERNELS {
        if options.only.as_deref().is_some_and(|only| only != *name) {
            continue;
        }
        let script = format!("{source}\n{TIMER}");
        let mut best = (f64::INFINITY, 0, 0.0);
        let mut native_best = f64::INFINITY;
        let has_native = match needs {
            Some(package) => native::has(package)?,
            None => true,
        };
        for _ in 0..options.rounds {
            let run = sandboxed(&belljar, &script)?;
            if run.0 < best.0 {
                best = run;
            }
            if has_native {
                let program = format!("{script}\nprint(main())");
                let seconds: f64 = native::python(&program)?.trim().parse()?;
                native_best = native_best.min(seconds);
            }
        }
        let (seconds, fuel, total) = best;
        let rate = fuel as f64 / total / 1e6;
        let (native, ratio) = if has_native {
            (
                format!("{:.1}", native_best * 1e3),
                format!("{:.2}", seconds / native_best),
            )
        } else {
            ("not installed".to_owned(), "-".to_owned())
        };
        println!(
            "| {name} | {:.1} | {native} | {ratio} | {fuel} | {rate:.0} |",
            seconds * 1e3
        );
    }
    Ok(())
}

/// Seconds of the kernel, fuel of the whole script, seconds of the whole script.
fn sandboxed(belljar: &Belljar, script: &str) -> Result<(f64, u64, f64)> {
    let limits = Limits {
        timeout_ms: Some(300_000),
        fuel: Some(i64::MAX as u64),
        memory_bytes: Some(2 << 30),
        ..Limits::default()
    };
    let outcome = belljar.execute(&Program::function(script).limits(limits))?;
    match outcome.completion {
        Completion::Value(json) => {
            let seconds: f64 = json.get().parse().context("the kernel's time")?;
            Ok((
                seconds,
                outcome.usage.fuel,
                outcome.usage.duration.as_secs_f64(),
            ))
        }
        other => bail!("the kernel failed: {other:?}"),
    }
}
