//! CPU-bound kernels: what counting their instructions costs, beside Wasmtime's way to count, no
//! counting at all, and native Python.

use crate::{native, pyperformance};
use anyhow::{Context, Result, bail};
use belljar::{Belljar, Completion, LimitPolicy, Limits, Program};
use belljar_engine::{EngineSettings, Metering};
use belljar_python_runtime::{BuildOptions, Cache, Silent};
use clap::Args;

/// The options of the CPU benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds: the best of each counts
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// Runs of each benchmark of pyperformance on each side: the best counts
    #[arg(long, default_value_t = 2)]
    pyperformance_rounds: u32,
    /// Only the kernel of this name
    #[arg(long)]
    only: Option<String>,
}

/// The kernels: name, source, package it needs natively. Each defines `kernel()`.
pub(crate) const KERNELS: &[(&str, &str, Option<&str>)] = &[
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
    ("decimal", include_str!("../kernels/decimals.py"), None),
    (
        "import sklearn",
        include_str!("../kernels/import_sklearn.py"),
        Some("sklearn"),
    ),
];

/// Runs the kernel once to warm it up (unless it is `ONCE`), once for the time, and returns seconds.
const TIMER: &str = "
import time
def main():
    if not globals().get('ONCE'):
        kernel()
    start = time.perf_counter()
    kernel()
    return time.perf_counter() - start
";

/// The ways to count, and the columns they are shown in.
const WAYS: [(Metering, &str); 3] = [
    (Metering::Off, "unmetered"),
    (Metering::Module, "metered"),
    (Metering::Engine, "fuel + epoch"),
];

/// The best time of one kernel, in each way and natively.
#[derive(Debug, Default)]
struct Best {
    ways: [Option<Run>; WAYS.len()],
    native: Option<f64>,
}

/// One run of a kernel in a sandbox.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The kernel alone.
    seconds: f64,
    /// The whole script, which runs the kernel twice.
    fuel: u64,
    total: f64,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let belljars = [belljar(0)?, belljar(1)?, belljar(2)?];
    for ((_, name), belljar) in WAYS.iter().zip(&belljars) {
        let bytes = belljar.info().image.code.bytes;
        println!("{name}: {:.1} MB of native code", bytes as f64 / 1e6);
    }
    println!(
        "\nBest of {} rounds; in brackets: ratio to unmetered.\n",
        options.rounds
    );
    println!(
        "| kernel | unmetered ms | metered ms | fuel + epoch ms | native ms | metered to native | fuel | million units/s |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut ratios = [Vec::new(), Vec::new(), Vec::new()];
    for (name, source, needs) in KERNELS {
        if options.only.as_deref().is_some_and(|only| only != *name) {
            continue;
        }
        let best = measure(&belljars, source, *needs, options.rounds)?;
        let [Some(plain), Some(metered), Some(by_engine)] = best.ways else {
            bail!("no rounds");
        };
        let (to_plain, engine_to_plain) = (
            metered.seconds / plain.seconds,
            by_engine.seconds / plain.seconds,
        );
        ratios[0].push(to_plain);
        ratios[1].push(engine_to_plain);
        let (native, to_native) = match best.native {
            Some(native) => {
                let ratio = metered.seconds / native;
                ratios[2].push(ratio);
                (format!("{:.1}", native * 1e3), format!("{ratio:.2}"))
            }
            None => ("not installed".to_owned(), "-".to_owned()),
        };
        let (fuel, rate) = (metered.fuel, metered.fuel as f64 / metered.total / 1e6);
        println!(
            "| {name} | {:.1} | {:.1} ({to_plain:.3}) | {:.1} ({engine_to_plain:.3}) | {native} | {to_native} | {fuel} | {rate:.0} |",
            plain.seconds * 1e3,
            metered.seconds * 1e3,
            by_engine.seconds * 1e3,
        );
    }
    let [metered, by_engine, native] = ratios.map(|ratios| geometric_mean(&ratios));
    println!("| geometric mean | 1 | {metered:.3} | {by_engine:.3} | | {native:.2} | | |");
    pyperformance::run(
        &belljars[1],
        options.pyperformance_rounds,
        options.only.as_deref(),
    )
}

/// Sandboxes that count in one of the ways; their image is made if need be.
fn belljar(way: usize) -> Result<Belljar> {
    let (metering, name) = WAYS[way];
    let settings = EngineSettings {
        metering,
        ..EngineSettings::execution(1)
    };
    eprintln!("The image for {name} (minutes, if it has to be compiled) ...");
    belljar_python_runtime::build(&Cache::open()?, BuildOptions { settings }, &Silent)?;
    Ok(Belljar::builder()
        .sandboxes(1)
        .limit_policy(LimitPolicy::widest())
        .metering(metering)
        .build()?)
}

/// Every way in every round, so that what else the machine does meets all of them.
fn measure(
    belljars: &[Belljar; 3],
    source: &str,
    needs: Option<&str>,
    rounds: u32,
) -> Result<Best> {
    let script = format!("{source}\n{TIMER}");
    let has_native = match needs {
        Some(package) => native::has(package)?,
        None => true,
    };
    let mut best = Best::default();
    for _ in 0..rounds {
        for (best, belljar) in best.ways.iter_mut().zip(belljars) {
            let run = sandboxed(belljar, &script)?;
            if best.is_none_or(|best| run.seconds < best.seconds) {
                *best = Some(run);
            }
        }
        if has_native {
            let program = format!("{script}\nprint(main())");
            let seconds: f64 = native::python(&program)?.trim().parse()?;
            best.native = Some(best.native.map_or(seconds, |best| best.min(seconds)));
        }
    }
    Ok(best)
}

fn geometric_mean(ratios: &[f64]) -> f64 {
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (sum / ratios.len() as f64).exp()
}

/// One run of a script that returns how long its kernel took.
fn sandboxed(belljar: &Belljar, script: &str) -> Result<Run> {
    let limits = Limits {
        timeout_ms: Some(300_000),
        fuel: Some(i64::MAX as u64),
        memory_bytes: Some(2 << 30),
        ..Limits::default()
    };
    let outcome = belljar.execute(&Program::function(script).limits(limits))?;
    match outcome.completion {
        Completion::Value(json) => Ok(Run {
            seconds: json.get().parse().context("the kernel's time")?,
            fuel: outcome.usage.fuel,
            total: outcome.usage.duration.as_secs_f64(),
        }),
        other => bail!("the kernel failed: {other:?}"),
    }
}
