//! From the pinned CPython artifact to an image that Belljar can run.
//!
//! The pipeline, one module a step:
//!
//! 1. [`fetch`]: the wheel, by digest, and the parts of it that we use; [`packages`] beside it.
//! 2. [`abi`]: what the interpreter must look like for the rest to be right.
//! 3. [`refit`]: edits of its code, by function name, with what they replace asserted.
//! 4. [`prepare`]: start CPython, import and warm the modules scripts use, install the harness.
//! 5. [`snapshot`]: the prepared instance as a WebAssembly module.
//! 6. [`metering`]: fuel and its checks, compiled into that module.
//! 7. [`compile`]: native code for this machine, with the settings of the host that will load it.
//!
//! [`package`] takes another way from step 5: CPython as a WebAssembly component.
//!
//! Every step's result is an entry of the [`Cache`], keyed by the digests of all that went into it.
//! [`Image`] is the last one, and what the host loads. [`build`](pipeline::build) runs the whole.

mod abi;
mod artifacts;
mod compile;
mod digest;
mod error;
mod fetch;
mod files;
mod harness;
mod image;
mod metering;
mod package;
mod packages;
mod pipeline;
mod prepare;
mod refit;
mod snapshot;
mod upstream;

pub use belljar_cache::Cache;
pub use digest::Digest;
pub use error::{Error, Result};
pub use image::{EntropyRegion, FORMAT, Image, ImageManifest};
pub use package::{Edition, PackageOptions, Proportions, package};
pub use pipeline::{BuildOptions, Progress, Silent, build, find, reproduce};
