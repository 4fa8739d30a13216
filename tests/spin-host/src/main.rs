//! Serves a Spin application as Spin would, for tests where Spin itself is not to be had.
//!
//! It reads the manifests that are shipped and nothing else, and refuses what it does not know, so
//! that a manifest which works here has nothing in it that was silently ignored:
//!
//! - [`manifest`]: `spin.toml`, the part of it that we use;
//! - [`compose`]: a component and its dependencies into one, with `wac-graph`;
//! - [`engine`]: Wasmtime as Spin 4.1 sets it, and the compiled components;
//! - [`app`]: a fresh instance for each request;
//! - [`instance`]: what an instance is given: WASI, variables, outgoing HTTP, and local service
//!   chaining (`http://NAME.spin.internal`);
//! - [`server`]: routes and connections.
//!
//! Dependencies are isolated as Spin isolates them, but harsher: where Spin answers a call to what
//! an isolated dependency may not use with an error, this refuses to load it.

mod app;
mod compose;
mod engine;
mod instance;
mod manifest;
mod outbound;
mod server;

use anyhow::{Context, Result};
use app::App;
use clap::Parser;
use manifest::Manifest;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Serve a Spin application
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
struct Cli {
    /// The application's manifest
    #[arg(short, long, default_value = "spin.toml")]
    from: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// A variable of the application, NAME=VALUE; the environment's SPIN_VARIABLE_NAME counts too
    #[arg(long = "variable", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// Refuse WebAssembly exceptions, as Spin did before 4.1
    #[arg(long)]
    without_exceptions: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut given = BTreeMap::new();
    for (name, value) in std::env::vars() {
        if let Some(name) = name.strip_prefix("SPIN_VARIABLE_") {
            given.insert(name.to_lowercase(), value);
        }
    }
    for variable in &cli.variables {
        let (name, value) = variable
            .split_once('=')
            .with_context(|| format!("--variable {variable}: expected NAME=VALUE"))?;
        given.insert(name.to_owned(), value.to_owned());
    }
    let manifest = Manifest::read(&cli.from)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the event loop")?;
    runtime.block_on(async {
        let start = Instant::now();
        let app = Arc::new(App::load(&manifest, &given, !cli.without_exceptions)?);
        eprintln!("Loaded in {:.1} s", start.elapsed().as_secs_f64());
        server::serve(app, cli.listen).await
    })
}
