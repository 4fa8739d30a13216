//! Compiles what is linked into the interpreter (`native/`) to WebAssembly, for `include_bytes!`.
//!
//! So the native code is a part of the program that makes and finds images, and its digest is a part of
//! their keys: a program never takes an image that was made with other native code.

#[allow(dead_code, reason = "the linker uses the rest")]
#[path = "src/refit/placement.rs"]
mod placement;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// A compiler that has the target, where Cargo's own does not: `cargo xtask` makes one.
const COMPILER: &str = "BELLJAR_WASM_RUSTC";

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=native/src");
    println!("cargo::rerun-if-changed=native/Cargo.toml");
    println!("cargo::rerun-if-changed=native/Cargo.lock");
    println!("cargo::rerun-if-changed=src/refit/placement.rs");
    println!("cargo::rerun-if-env-changed={COMPILER}");

    let target = out.join("native");
    let compiler = env::var_os(COMPILER).or_else(|| env::var_os("RUSTC"));
    let status = Command::new(env::var_os("CARGO").ok_or("not run by Cargo")?)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--release",
            "--target",
            TARGET,
        ])
        .arg("--manifest-path")
        .arg(manifest.join("native/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        // What the build of the workspace was told is not meant for another target.
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("CARGO_BUILD_TARGET")
        .env("CARGO_ENCODED_RUSTFLAGS", flags().join("\x1f"))
        .env("RUSTC", compiler.ok_or("no compiler")?)
        .status()?;
    if !status.success() {
        return Err(format!(
            "the native part of the interpreter did not compile for {TARGET}: is the target there? \
             `rustup target add {TARGET}`; or build by `cargo xtask setup`, which sees to that"
        )
        .into());
    }
    install(
        &target.join(TARGET).join("release/belljar_native.wasm"),
        &out.join("native.wasm"),
    )
}

/// A core module that shares the interpreter's memory, table and functions.
fn flags() -> Vec<String> {
    vec![
        "-Ctarget-feature=+simd128,+relaxed-simd".to_owned(),
        "-Clink-arg=--skip-wit-component".to_owned(),
        "-Clink-arg=--import-memory".to_owned(),
        "-Clink-arg=--import-table".to_owned(),
        format!("-Clink-arg=--table-base={}", placement::TABLE_BASE),
        format!("-Clink-arg=--global-base={}", placement::DATA.start),
    ]
}

/// Leaves an equal file alone, so that what includes it is not compiled again.
fn install(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    if fs::read(to).ok().as_deref() != Some(&bytes) {
        fs::write(to, bytes)?;
    }
    Ok(())
}
