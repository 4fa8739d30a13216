//! Answers the executor protocol with the executor it is composed with.
//!
//! It is meant for a private route of a Spin application, which nothing outside of it reaches, and
//! asks for no token. A script that traps takes this instance with it: whoever called gets Spin's
//! empty answer with status 500.

#[cfg(target_family = "wasm")]
mod bindings;
#[cfg(target_family = "wasm")]
mod component;
