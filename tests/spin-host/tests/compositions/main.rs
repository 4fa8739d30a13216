//! The shipped Spin manifests, served as Spin would.
//!
//! They need what `cargo xtask package --without-exceptions` builds, and the first of them compiles
//! it, which takes minutes:
//!
//! ```console
//! $ cargo xtask test --test compositions
//! ```

mod differences;
mod host;
mod isolation;
mod limits;
mod remote;
mod small;
