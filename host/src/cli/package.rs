//! `belljar runtime package`: the image for hosts that know nothing of us.

use super::output::print;
use super::progress::Bars;
use anyhow::Result;
use belljar::LimitPolicy;
use belljar_python_runtime::{Cache, Edition, PackageOptions, package};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// The default and the maximum of `memory_bytes` in the small edition: it is for hosts that give an
/// instance 128 MiB, of which answers and the rest of the application need some.
const SMALL_MEMORY_BYTES: (u64, u64) = (64 << 20, 96 << 20);

/// Package CPython for other hosts
///
/// As a WebAssembly component that exports belljar:sandbox/executor, for Spin and others. The
/// limits are enforced inside of it. `cargo xtask package` calls this, with the shim it built.
#[derive(Debug, Args)]
pub(super) struct Package {
    /// As a WebAssembly component: the only form there is so far
    #[arg(long, required = true)]
    component: bool,
    /// Where to write it; the licences of its parts go into the folder LICENSES beside it
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "belljar-python.wasm"
    )]
    output: PathBuf,
    /// The shim to put around CPython: belljar_python_shim.wasm, built from
    /// python-runtime/component
    #[arg(long, value_name = "FILE", env = "BELLJAR_PYTHON_SHIM")]
    shim: PathBuf,
    /// Python with its standard library alone, for hosts that allow tens of megabytes
    #[arg(long)]
    small: bool,
    /// For engines without exception handling (Wasmtime before 47): what ends a run early then
    /// ends the whole instance
    #[arg(long)]
    without_exceptions: bool,
}

impl Package {
    pub(super) fn execute(self) -> Result<ExitCode> {
        let mut policy = LimitPolicy::default();
        let mut edition = Edition::Full;
        if self.small {
            edition = Edition::Small;
            policy.default.memory_bytes = SMALL_MEMORY_BYTES.0;
            policy.maximum.memory_bytes = SMALL_MEMORY_BYTES.1;
        }
        let options = PackageOptions {
            shim: &self.shim,
            edition,
            without_exceptions: self.without_exceptions,
            limits: policy,
        };
        let bars = Bars::default();
        let made = package(&Cache::open()?, &options, &self.output, &bars)?;
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        print(format_args!(
            "{}: {:.1} MiB; memory {:.0} MiB at the start, {:.0} MiB at most, {:.0} % of it data\n",
            self.output.display(),
            mib(made.component_bytes),
            mib(made.memory_bytes),
            mib(made.maximum_bytes),
            made.density * 100.0
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
