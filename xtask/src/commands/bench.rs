use super::passed_on::{Rest, become_command};
use crate::checkout::Checkout;
use crate::native;
use crate::setup;
use crate::step;
use crate::wrk;
use anyhow::Result;
use belljar_cache::key;
use clap::Args;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Measure Belljar beside native Python: set-up as needed, then `belljar-bench` with these arguments
///
/// `cargo xtask bench -- --help` lists the benchmarks.
#[derive(Debug, Args)]
#[command(override_usage = "cargo xtask bench [NAME] [OPTIONS OF THE BENCHMARK]")]
pub(super) struct Bench {
    #[command(flatten)]
    rest: Rest,
}

impl Bench {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let bench = setup::bench(checkout)?;
        let products = setup::everything(checkout)?;
        let mut bench = Command::new(bench);
        products.name_in(&mut bench).args(&self.rest.args);
        let is = |name| self.rest.args.first().is_some_and(|first| first == name);
        // Chaos is compared with nothing.
        if !is("chaos") {
            match peers(checkout) {
                Ok(packages) => {
                    bench.env("PYTHONPATH", packages);
                }
                Err(error) => eprintln!("xtask: no peers to compare with: {error:#}"),
            }
        }
        // What computes is compared with Python of the same version, and packages of the same.
        if (is("cpu") || is("fuel"))
            && env::var_os("BELLJAR_BENCH_PYTHON").is_none()
            && native::is_possible()
        {
            match native::ensure(checkout) {
                Ok(native) => {
                    native
                        .name_in(&mut bench)
                        .env("BELLJAR_BENCH_PYTHON", native.python())
                        .env("PYTHONPATH", native.packages());
                }
                Err(error) => eprintln!("xtask: compared with python3 instead: {error:#}"),
            }
        }
        if is("http") {
            wrk::ensure(checkout)?.name_in(&mut bench);
        }
        become_command(&mut bench)
    }
}

/// The packages that native Python and other sandboxes need to do the same work.
fn peers(checkout: &Checkout) -> Result<PathBuf> {
    let requirements = checkout.root().join("bench/peers/requirements.txt");
    let name = format!("peers-{}", key(fs::read_to_string(&requirements)?));
    checkout.cached(&name, |directory| {
        step::announced(
            "fetching what Belljar is compared with",
            Command::new("python3")
                .args(["-m", "pip", "install", "--quiet", "--target"])
                .arg(directory)
                .arg("--requirement")
                .arg(&requirements),
            "it needs Python 3 with pip; the benchmarks go on without",
        )
    })
}
