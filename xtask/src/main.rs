//! `cargo xtask`: from a fresh checkout to a running Belljar, and every check of it.
//!
//! Two things have to be ready before a script can run: the [`patched`] build of the `belljar` binary,
//! with the HTTP front inside, which is [`wasm`] and needs a [`wasm_target`]; and the image that it runs
//! scripts in. [`setup`] makes what is missing; each of the [`commands`] asks it for what it needs and
//! goes on.

mod checkout;
mod commands;
mod dependencies;
mod native;
mod patch;
mod patched;
mod python_lints;
mod setup;
mod step;
mod tidy;
mod wasm;
mod wasm_target;
mod wrk;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
