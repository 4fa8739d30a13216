//! Edits of the pinned interpreter: what its build chose, and scripts from elsewhere cannot live with.
//!
//! The wheel is one binary and we do not build it. What has to be otherwise is edited in it, between
//! fetching and preparing: a function is found by its name, and what is replaced is compared
//! instruction by instruction. So an edit never does something to code that it was not made for: of
//! another wheel, the pipeline says which edit no longer fits.
//!
//! What it lacks, or does slowly, is written in Rust (`native/`), compiled to WebAssembly by the build script,
//! and linked into it, by the names of functions and with their types compared.
//!
//! - [`edit`]: what an edit is;
//! - [`module`]: functions by name and type, and data by address;
//! - [`apply`](mod@apply): all edits, and what is linked;
//! - [`placement`]: where native code has its data and its elements of the table;
//! - [`object`]: native code as it is compiled;
//! - [`link`](mod@link): what of it becomes what of the interpreter;
//! - [`write`](mod@write): the new module, without its names;
//! - [`integers`]: numpy's default integer has 64 bits;
//! - [`stack`]: how deep C code may recurse.

mod apply;
mod edit;
mod integers;
mod link;
mod module;
mod object;
mod placement;
mod stack;
mod write;

pub(crate) use apply::{apply, digest};

/// The native code.
const NATIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/native.wasm"));
