//! The fuel that a second of processor time takes, for each kind of work: if work is priced as it costs,
//! they are close together.

use crate::cpu::KERNELS;
use crate::pyperformance;
use anyhow::{Context, Result, bail};
use belljar::{Belljar, Completion, LimitPolicy, LimitValues, Limits, Program};
use clap::Args;
use std::fs;

/// The options of the fuel benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds: the best of each counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// The image to use instead of the one in the cache: a directory
    #[arg(long)]
    image: Option<std::path::PathBuf>,
}

/// Endless loops of one kind of work each.
const LOOPS: &[(&str, &str)] = &[
    ("while_pass", include_str!("../loops/while_pass.py")),
    ("for_pass", include_str!("../loops/for_pass.py")),
    ("int", include_str!("../loops/int.py")),
    ("float", include_str!("../loops/float.py")),
    ("attribute", include_str!("../loops/attribute.py")),
    ("call", include_str!("../loops/call.py")),
    ("append", include_str!("../loops/append.py")),
    ("dict", include_str!("../loops/dict.py")),
    ("concat", include_str!("../loops/concat.py")),
    ("sum", include_str!("../loops/sum.py")),
    ("sorted", include_str!("../loops/sorted.py")),
    ("exception", include_str!("../loops/exception.py")),
    ("regex", include_str!("../loops/regex.py")),
    ("add_arrays", include_str!("../loops/add_arrays.py")),
];

/// The fuel of an endless loop: a fraction of a second.
const FUEL: u64 = 1_000_000_000;

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut builder = Belljar::builder()
        .sandboxes(1)
        .limit_policy(LimitPolicy::widest());
    if let Some(image) = &options.image {
        builder = builder.image(image);
    }
    let belljar = builder.build()?;
    let default = LimitValues::default().fuel;
    println!("The default is {default} units.\n");
    println!("| work | thousand million units/s | seconds that the default lasts |");
    println!("|---|---|---|");
    let loops = LOOPS
        .iter()
        .map(|(name, script)| (*name, (*script).to_owned()));
    let kernels = KERNELS.iter().map(|(name, source, _)| {
        let script = format!("{source}\n\ndef main():\n    while True: kernel()\n");
        (*name, script)
    });
    let (mut least, mut most) = (f64::INFINITY, 0_f64);
    let mut tell = |name: &str, rate: f64| {
        (least, most) = (least.min(rate), most.max(rate));
        println!(
            "| {name} | {:.1} | {:.0} |",
            rate / 1e9,
            default as f64 / rate
        );
    };
    for (name, script) in loops.chain(kernels) {
        tell(name, rate(&belljar, name, &script, options.rounds)?);
    }
    for (name, program) in pyperformance::programs()? {
        let rate = rate_of_all(&belljar, &name, &program, options.rounds)?;
        tell(&format!("pyperformance: {name}"), rate);
    }
    println!(
        "\nThe highest rate is {:.1} times the lowest.",
        most / least
    );
    Ok(())
}

/// Units for a second of the processor's time, at best.
fn rate(belljar: &Belljar, name: &str, script: &str, rounds: u32) -> Result<f64> {
    let mut best = 0_f64;
    for _ in 0..rounds {
        // What it takes to start and to prepare the loop is in both.
        let (few, soon) = burn(belljar, name, script, FUEL / 5)?;
        let (many, late) = burn(belljar, name, script, FUEL)?;
        best = best.max((many - few) / (late - soon).max(1e-3));
    }
    Ok(best)
}

/// The same for a whole program that ends, its start included.
fn rate_of_all(belljar: &Belljar, name: &str, program: &Program, rounds: u32) -> Result<f64> {
    let mut best = 0_f64;
    for _ in 0..rounds {
        let before = seconds_of_this_thread()?;
        let outcome = belljar.execute(program)?;
        let seconds = seconds_of_this_thread()? - before;
        if !matches!(outcome.completion, Completion::Exited(0)) {
            bail!("{name}: {:?}", outcome.completion);
        }
        best = best.max(outcome.usage.fuel as f64 / seconds);
    }
    Ok(best)
}

/// Runs it to the end of its fuel: units, and seconds of this thread.
fn burn(belljar: &Belljar, name: &str, script: &str, fuel: u64) -> Result<(f64, f64)> {
    let limits = Limits {
        timeout_ms: Some(300_000),
        fuel: Some(fuel),
        memory_bytes: Some(2 << 30),
        ..Limits::default()
    };
    let before = seconds_of_this_thread()?;
    let outcome = belljar.execute(&Program::function(script).limits(limits))?;
    let seconds = seconds_of_this_thread()? - before;
    match outcome.completion {
        Completion::Fault(fault) if fault.kind.name() == "fuel_exhausted" => {
            Ok((outcome.usage.fuel as f64, seconds))
        }
        other => bail!("{name}: it should have used up its fuel: {other:?}"),
    }
}

/// The time that this thread had a processor.
fn seconds_of_this_thread() -> Result<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let first = text.split_whitespace().next().context("schedstat")?;
    Ok(first.parse::<f64>()? / 1e9)
}
