//! What has to be ready before a script can run, each made if it is not there.

use crate::checkout::Checkout;
use crate::freshness::{confirm, looks_fresh};
use crate::patched::Patched;
use crate::step;
use crate::wasm_target::{self, TARGET};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace of the HTTP front.
pub(crate) const FRONT: &str = "guest-component";

/// The workspace of the shim around CPython.
pub(crate) const SHIM: &str = "python-runtime/component";

/// The workspace of what is linked into CPython: the build script of `python-runtime` builds it.
pub(crate) const NATIVE: &str = "python-runtime/native";

/// The workspace of the executor protocol's components.
pub(crate) const EXECUTOR_HTTP: &str = "executor-http";

/// All that a server, a test or a benchmark needs.
#[derive(Debug)]
pub(crate) struct Products {
    binary: PathBuf,
    front: PathBuf,
}

impl Products {
    /// The `belljar` binary.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// Tells a command where they are.
    pub(crate) fn name_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("BELLJAR_BIN", &self.binary)
            .env("BELLJAR_COMPONENT", &self.front)
    }
}

/// Makes all of it ready.
pub(crate) fn everything(checkout: &Checkout) -> Result<Products> {
    let binary = binary(checkout)?;
    let front = front(checkout)?;
    image(&binary)?;
    Ok(Products { binary, front })
}

/// The `belljar` binary, of the patched build.
pub(crate) fn binary(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar")
}

/// The binary that runs benchmarks, of the same build.
pub(crate) fn bench(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar-bench")
}

/// The binary that runs the fidelity suite, of the same build.
pub(crate) fn fidelity(checkout: &Checkout) -> Result<PathBuf> {
    host_binary(checkout, "belljar-fidelity")
}

fn host_binary(checkout: &Checkout, name: &str) -> Result<PathBuf> {
    let patched = Patched::open(checkout)?;
    let binary = patched.binary(name);
    let mut cargo = patched.cargo("build")?;
    cargo.args(["--bin", name]);
    build(
        &mut cargo,
        &binary,
        checkout.root(),
        "it needs Rust 1.95 or newer and a C compiler (Debian: apt-get install gcc)",
    )?;
    Ok(binary)
}

/// The HTTP front for our own host, which has the optional part of the contract: a WebAssembly
/// component.
pub(crate) fn front(checkout: &Checkout) -> Result<PathBuf> {
    wasm(
        checkout,
        FRONT,
        "front-streaming",
        "belljar_front.wasm",
        &["--features", "streaming"],
    )
}

/// The same for Spin, which would not find the optional part's import.
pub(crate) fn spin_front(checkout: &Checkout) -> Result<PathBuf> {
    wasm(checkout, FRONT, "front", "belljar_front.wasm", &[])
}

/// What CPython needs around it to be a component: a core module.
pub(crate) fn shim(checkout: &Checkout) -> Result<PathBuf> {
    wasm(checkout, SHIM, "shim", "belljar_python_shim.wasm", &[])
}

/// The executor protocol as components: its client and its server.
pub(crate) fn executor_http(checkout: &Checkout) -> Result<[PathBuf; 2]> {
    let client = wasm(
        checkout,
        EXECUTOR_HTTP,
        EXECUTOR_HTTP,
        "belljar_executor_client.wasm",
        &[],
    )?;
    let server = client.with_file_name("belljar_executor_server.wasm");
    Ok([client, server])
}

/// A product of one of the workspaces that are built for the target of Spin components.
fn wasm(
    checkout: &Checkout,
    workspace: &str,
    kind: &str,
    name: &str,
    features: &[&str],
) -> Result<PathBuf> {
    let toolchain = wasm_target::ensure(checkout)?;
    let target = checkout.target(kind);
    let product = target.join(TARGET).join("release").join(name);
    let mut cargo = checkout.cargo_in(workspace);
    cargo
        .args([
            "build",
            "--locked",
            "--release",
            "--target",
            TARGET,
            "--target-dir",
        ])
        .arg(&target)
        .args(features);
    toolchain.choose_for(&mut cargo);
    build(
        &mut cargo,
        &product,
        &checkout.root().join(workspace),
        "cargo's message above says why",
    )?;
    Ok(product)
}

/// The image that scripts run in. `belljar` shows its progress and says what to do when it fails.
pub(crate) fn image(binary: &Path) -> Result<()> {
    let mut build = Command::new(binary);
    // It prints where the image is, and standard output belongs to what comes after.
    build.args(["runtime", "build"]).stdout(Stdio::null());
    step::run("the image", &mut build, "see above, then try again")
}

fn build(cargo: &mut Command, product: &Path, workspace: &Path, advice: &str) -> Result<()> {
    if looks_fresh(product, workspace) {
        cargo.arg("--quiet");
    }
    let name = product.file_name().unwrap_or_default().display();
    step::run(&format!("building {name}"), cargo, advice)?;
    confirm(product);
    Ok(())
}
