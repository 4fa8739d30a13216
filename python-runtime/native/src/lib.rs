//! Native code that is linked into the interpreter: kernels that replace its own, and functions
//! that it lacks.
//!
//! It is compiled to a module that shares the interpreter's memory, and `src/refit/link.rs` makes it a
//! part of the interpreter. There:
//!
//! - an import from the module `interpreter` is the interpreter's function of that name, one from
//!   `original` what it was before it was replaced;
//! - an export `replace NAME` takes the place of the interpreter's function `NAME`, which has the same type;
//! - other exports are exports of the interpreter.
//!
//! It has no allocator, and must not panic: a trap is the end of a script's run.
//!
//! - [`matrices`]: the innermost loops of OpenBLAS, which the interpreter has in plain C;
//! - [`sort`](mod@sort): numpy's sorting of numbers;
//! - [`extremes`]: `np.max` and `np.min`;
//! - [`keys`]: keys derived from passwords;
//! - [`module`]: what of it Python can call, by way of [`python`], its C interface;
//! - [`memory`]: memory for as long as a kernel needs it.

#![no_std]

mod extremes;
mod keys;
mod matrices;
mod memory;
mod module;
mod python;
mod sort;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
