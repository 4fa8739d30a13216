//! The shim: everything that CPython needs around it to be a WebAssembly component.
//!
//! `belljar runtime package` puts this module, the metered snapshot of CPython and two small
//! modules of glue (`glue.wat`) into one component. This one has a memory of its own, out of a
//! script's reach, and is to the interpreter what the host is natively:
//!
//! - [`executor`]: the exported contract, `belljar:sandbox/executor`; what is told of a run, and in
//!   which words, is `belljar-contract`'s;
//! - [`run`]: the life of one run: limits, request, `turn`, what came of it;
//! - [`door`]: `host.call`, where answers come in;
//! - [`preview1`]: the surface as `wasi_snapshot_preview1`; [`preview2`]: the same for the small
//!   edition, whose C library speaks WASI 0.2; [`machine`]: what the surface needs for both;
//! - [`facts`], [`index`]: what the packaging knows of the image and of its files;
//! - [`glue`]: the imports: the interpreter's functions and memory, clocks, random bytes.
//!
//! An instance serves one run. It has no standard library, because Rust's would import much of WASI.

#![cfg_attr(target_family = "wasm", no_std)]
#![cfg_attr(
    not(target_family = "wasm"),
    allow(
        dead_code,
        reason = "natively only what needs no imports is compiled, for its tests"
    )
)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod allocator;
#[cfg(target_family = "wasm")]
mod bindings;
#[cfg(target_family = "wasm")]
mod door;
#[cfg(target_family = "wasm")]
mod executor;
mod facts;
#[cfg(target_family = "wasm")]
mod glue;
mod index;
#[cfg(target_family = "wasm")]
mod machine;
#[cfg(target_family = "wasm")]
mod preview1;
#[cfg(target_family = "wasm")]
mod preview2;
#[cfg(target_family = "wasm")]
mod run;
