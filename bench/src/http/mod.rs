//! The HTTP API under load: the real `belljar serve`, beside a server that starts a native
//! `python3` for every request.

mod server;
mod wrk;

use crate::native;
use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};
use server::{Resident, Server};
use std::time::Duration;
use wrk::Wrk;

/// The options of the HTTP benchmark.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Seconds for each script and number of connections
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The same for the native baseline; 0 leaves it out
    #[arg(long, default_value_t = 10)]
    native_seconds: u64,
    /// Numbers of connections
    #[arg(long, default_values_t = [1, 8, 64], value_delimiter = ',')]
    connections: Vec<u32>,
    /// Only this script: tiny or pandas
    #[arg(long)]
    only: Option<String>,
    /// Requests of the growth test, at least; 0 leaves it out
    #[arg(long, default_value_t = 200_000)]
    requests: u64,
}

/// A script, the package that it needs natively, and its result.
struct Script {
    name: &'static str,
    source: &'static str,
    needs: Option<&'static str>,
    result: fn() -> Value,
}

const SCRIPTS: [Script; 2] = [
    Script {
        name: "tiny",
        source: "def main():\n    return {'answer': 4}\n",
        needs: None,
        result: || json!({"answer": 4}),
    },
    Script {
        name: "pandas",
        source: "import pandas as pd\ndef main():\n    \
                 df = pd.DataFrame({'a': [1, 2, 3], 'b': [4, 5, 6]})\n    \
                 return {'sum_a': int(df['a'].sum()), 'sum_b': int(df['b'].sum())}\n",
        needs: Some("pandas"),
        result: || json!({"sum_a": 6, "sum_b": 15}),
    },
];

/// The time before every measurement in which sandboxes and connections get warm.
const WARM_UP: Duration = Duration::from_secs(1);

/// Connections of the growth test, and the longest of its runs.
const GROWTH_CONNECTIONS: u32 = 8;
const GROWTH_SECONDS: f64 = 30.0;

/// The metric in which the server counts scripts that gave their result.
const RESULTS: &str = "belljar_executions_total{outcome=\"result\"}";

impl Script {
    fn body(&self) -> String {
        json!({ "script": self.source }).to_string()
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let wrk = Wrk::find()?;
    println!(
        "`POST /execute` over loopback, keep-alive, all limits on, log on. Load: {}, 1 thread. \
         Native: an HTTP server that starts `python3` for every request, one per core at once.\n",
        wrk.version
    );
    println!(
        "| script | connections | p50 ms | p99 ms | max ms | requests/s | errors | native p50 ms | native p99 ms | native requests/s | native errors | ratio of rates |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for script in &SCRIPTS {
        if options
            .only
            .as_deref()
            .is_some_and(|only| only != script.name)
        {
            continue;
        }
        for connections in &options.connections {
            println!("{}", row(&wrk, script, *connections, options)?);
        }
    }
    if options.requests > 0 {
        growth(&wrk, options.requests)?;
    }
    Ok(())
}

fn row(wrk: &Wrk, script: &Script, connections: u32, options: &Options) -> Result<String> {
    let body = script.body();
    let server = Server::belljar()?;
    server.check(&body, &(script.result)())?;
    wrk.post(&server.url(), &body, connections, WARM_UP)?;
    let before = server.counter(RESULTS)?;
    let load = wrk.post(
        &server.url(),
        &body,
        connections,
        Duration::from_secs(options.seconds),
    )?;
    // wrk sees statuses; that those with 200 are results of scripts, the server knows.
    let results = server.counter(RESULTS)? - before;
    if load.requests - load.status > results {
        bail!(
            "{} good answers, but {results} results",
            load.requests - load.status
        );
    }
    drop(server);
    let ours = format!(
        "| {} | {connections} | {:.3} | {:.3} | {:.3} | {:.0} | {} |",
        script.name,
        load.p50_ms(),
        load.p99_ms(),
        load.max_ms(),
        load.per_second(),
        load.errors()
    );
    if options.native_seconds == 0 {
        return Ok(format!("{ours} | | | | |"));
    }
    if let Some(package) = script.needs
        && !native::has(package)?
    {
        return Ok(format!("{ours} not installed | | | | |"));
    }
    let server = Server::native()?;
    server.check(&body, &(script.result)())?;
    let duration = Duration::from_secs(options.native_seconds);
    let native = wrk.post(&server.url(), &body, connections, duration)?;
    Ok(format!(
        "{ours} {:.1} | {:.1} | {:.1} | {} | {:.0} x |",
        native.p50_ms(),
        native.p99_ms(),
        native.per_second(),
        native.errors(),
        load.per_second() / native.per_second()
    ))
}

/// Measures what many requests leave behind in the server and its workers.
fn growth(wrk: &Wrk, requests: u64) -> Result<()> {
    let [tiny, ..] = &SCRIPTS;
    let body = tiny.body();
    let server = Server::belljar()?;
    server.check(&body, &(tiny.result)())?;
    let mut rate = wrk
        .post(&server.url(), &body, GROWTH_CONNECTIONS, WARM_UP)?
        .per_second();
    let warmed_up = server.counter(RESULTS)?;
    println!(
        "\n| requests | errors | server: own MiB | server: all MiB | workers: own MiB | workers: all MiB |"
    );
    println!("|---|---|---|---|---|---|");
    let (mut sent, mut errors) = (0, 0);
    print_memory(sent, errors, server.resident()?);
    while sent < requests {
        let rest = (requests - sent) as f64 / rate.max(1.0);
        // Some more than what is left should take, and at least what wrk can do.
        let duration = Duration::from_secs_f64((rest * 1.05).clamp(1.0, GROWTH_SECONDS).ceil());
        let load = wrk.post(&server.url(), &body, GROWTH_CONNECTIONS, duration)?;
        if load.requests == 0 {
            bail!("the server does not answer any more");
        }
        sent += load.requests;
        errors += load.errors();
        rate = load.per_second();
        print_memory(sent, errors, server.resident()?);
    }
    let results = server.counter(RESULTS)? - warmed_up;
    if results < sent - errors {
        bail!("{} good answers, but {results} results", sent - errors);
    }
    Ok(())
}

fn print_memory(requests: u64, errors: u64, (server, workers): (Resident, Resident)) {
    let mib = |kib: u64| kib as f64 / 1024.0;
    println!(
        "| {requests} | {errors} | {:.1} | {:.1} | {:.1} | {:.1} |",
        mib(server.anonymous),
        mib(server.all),
        mib(workers.anonymous),
        mib(workers.all)
    );
}
