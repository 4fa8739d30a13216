//! Latency and throughput of fresh sandboxes, in process.

use crate::native;
use crate::stats::Times;
use anyhow::{Result, bail};
use belljar::{Belljar, Completion, Program};
use clap::Args;
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Executions per script and number of threads
    #[arg(long, default_value_t = 5_000)]
    executions: u32,
    /// Executions of the native baseline
    #[arg(long, default_value_t = 10)]
    native: u32,
    /// Only this script: tiny, numpy or pandas
    #[arg(long)]
    only: Option<String>,
}

/// A script, and what it needs natively.
const SCRIPTS: &[(&str, &str, Option<&str>)] = &[
    ("tiny", "def main():\n    return {'answer': 4}\n", None),
    (
        "numpy",
        "import numpy as np\ndef main():\n    a = np.array([1, 2, 3, 4, 5])\n    \
         return {'mean': float(a.mean()), 'std': float(a.std())}\n",
        Some("numpy"),
    ),
    (
        "pandas",
        "import pandas as pd\ndef main():\n    df = pd.DataFrame({'a': [1, 2, 3], 'b': [4, 5, 6]})\n    \
         return {'sum_a': int(df['a'].sum()), 'sum_b': int(df['b'].sum())}\n",
        Some("pandas"),
    ),
];

pub(crate) fn run(options: &Options) -> Result<()> {
    let belljar = Belljar::builder().sandboxes(4).build()?;
    let info = belljar.info();
    println!(
        "Fresh sandboxes in process, all limits on. pagemap scan: {}, Wasmtime: {}\n",
        info.pagemap_scan, info.pagemap_regions
    );
    println!(
        "| script | threads | p50 ms | p90 ms | p99 ms | max ms | executions/s | native python3 p50 ms | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, script, needs) in SCRIPTS {
        if options.only.as_deref().is_some_and(|only| only != *name) {
            continue;
        }
        let native = native_times(script, *needs, options.native)?;
        for threads in [1, 2] {
            let (times, elapsed) = measure(&belljar, script, options.executions, threads)?;
            let per_second = f64::from(options.executions) / elapsed.as_secs_f64();
            let (baseline, ratio) = match &native {
                Some(native) => (
                    format!("{:.1}", native.p50_ms()),
                    format!("{:.0} x", native.p50_ms() / times.p50_ms()),
                ),
                None => ("not installed".to_owned(), "-".to_owned()),
            };
            println!(
                "| {name} | {threads} | {:.3} | {:.3} | {:.3} | {:.3} | {per_second:.0} | {baseline} | {ratio} |",
                times.p50_ms(),
                times.percentile_ms(0.9),
                times.percentile_ms(0.99),
                times.percentile_ms(1.0),
            );
        }
    }
    Ok(())
}

fn native_times(script: &str, needs: Option<&str>, count: u32) -> Result<Option<Times>> {
    let mut times = Vec::new();
    for _ in 0..count {
        match native::time(script, needs)? {
            Some(time) => times.push(time),
            None => return Ok(None),
        }
    }
    Ok((!times.is_empty()).then(|| Times::new(times)))
}

/// The time to each answer, and that of all executions together, sandboxes wiped.
fn measure(
    belljar: &Belljar,
    script: &str,
    executions: u32,
    threads: u32,
) -> Result<(Times, Duration)> {
    let program = Program::function(script);
    for _ in 0..100 {
        execute(belljar, &program)?;
    }
    let start = Instant::now();
    let times = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    (0..executions / threads)
                        .map(|_| execute(belljar, &program))
                        .collect::<Result<Vec<Duration>>>()
                })
            })
            .collect();
        let mut times = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(result) => times.extend(result?),
                Err(_) => bail!("a measuring thread panicked"),
            }
        }
        Ok(times)
    })?;
    Ok((Times::new(times), start.elapsed()))
}

/// The time to the answer. The sandbox is wiped after it was taken.
fn execute(belljar: &Belljar, program: &Program) -> Result<Duration> {
    let start = Instant::now();
    let (outcome, _remains) = belljar.execute_first(program, &belljar.canceller())?;
    let elapsed = start.elapsed();
    match outcome.completion {
        Completion::Value(_) => Ok(elapsed),
        other => bail!("the script gave no result: {other:?}"),
    }
}
