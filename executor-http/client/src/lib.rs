//! An executor that asks another one over HTTP.
//!
//! It exports `belljar:sandbox/executor`, so that a front can be composed with it, and calls the
//! executor at the variable `executor_url` with the token in `executor_token`: a `belljar executor`
//! anywhere, or the component `server` in the same Spin application.

#[cfg(target_family = "wasm")]
mod bindings;
#[cfg(target_family = "wasm")]
mod executor;
#[cfg(target_family = "wasm")]
mod http;
