//! `cargo xtask bench`: every figure beside a baseline of the same run.
//!
//! Machines are noisy and differ; a ratio to native Python on the same machine at the same time
//! does not. Nothing here is a test: nothing fails because it is slow. `chaos` alone fails, when an
//! answer is not right.

mod chaos;
mod cpu;
mod fuel;
mod http;
mod latency;
mod memory;
mod native;
mod peer;
mod pyperformance;
mod stats;

use clap::{Parser, Subcommand};

/// Measure Belljar beside native Python.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fresh sandboxes in process: latency and throughput
    Latency(latency::Options),
    /// CPU-bound kernels
    Cpu(cpu::Options),
    /// Fuel per second, for each kind of work
    Fuel(fuel::Options),
    /// Memory of sandboxes, and its growth over many executions
    Memory(memory::Options),
    /// The HTTP API under load
    Http(http::Options),
    /// Good and hostile requests at once, with workers that are killed: every answer is checked
    Chaos(chaos::Options),
}

fn main() -> anyhow::Result<()> {
    // As the `belljar` binary does.
    belljar::refuse_huge_pages();
    match Cli::parse().what {
        What::Latency(options) => latency::run(&options),
        What::Cpu(options) => cpu::run(&options),
        What::Fuel(options) => fuel::run(&options),
        What::Memory(options) => memory::run(&options),
        What::Http(options) => http::run(&options),
        What::Chaos(options) => chaos::run(&options),
    }
}
