//! The products of the workspaces that are built for the target of Spin components.

use crate::checkout::Checkout;
use crate::step;
use crate::wasm_target::{self, TARGET};
use anyhow::Result;
use std::path::PathBuf;

/// The workspace of the HTTP front.
pub(crate) const FRONT: &str = "guest-component";

/// The workspace of the shim around CPython.
pub(crate) const SHIM: &str = "python-runtime/component";

/// The workspace of what is linked into CPython: the build script of `python-runtime` builds it.
pub(crate) const NATIVE: &str = "python-runtime/native";

/// The workspace of the executor protocol's components.
pub(crate) const EXECUTOR_HTTP: &str = "executor-http";

/// The HTTP front for our own host, which has the optional part of the contract: a WebAssembly
/// component. The `belljar` binary has it inside.
pub(crate) fn front(checkout: &Checkout) -> Result<PathBuf> {
    build(
        checkout,
        FRONT,
        "front-streaming",
        "belljar_front.wasm",
        &["--features", "streaming"],
    )
}

/// The same for Spin, which would not find the optional part's import.
pub(crate) fn spin_front(checkout: &Checkout) -> Result<PathBuf> {
    build(checkout, FRONT, "front", "belljar_front.wasm", &[])
}

/// The shim that CPython needs around it to be a component: a core module.
pub(crate) fn shim(checkout: &Checkout) -> Result<PathBuf> {
    build(checkout, SHIM, "shim", "belljar_python_shim.wasm", &[])
}

/// The executor protocol as components: its client and its server.
pub(crate) fn executor_http(checkout: &Checkout) -> Result<[PathBuf; 2]> {
    let client = build(
        checkout,
        EXECUTOR_HTTP,
        EXECUTOR_HTTP,
        "belljar_executor_client.wasm",
        &[],
    )?;
    let server = client.with_file_name("belljar_executor_server.wasm");
    Ok([client, server])
}

/// Has Cargo build a product, or find that it is what its sources give.
fn build(
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
    step::run(
        &format!("building {name}"),
        &mut cargo,
        "cargo's message above says why",
    )?;
    Ok(product)
}
