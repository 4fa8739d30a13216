//! The contract's types, made from `wit/`, for the client and the server of the executor protocol.
//!
//! The protocol itself is `belljar_contract::protocol`; this crate has the types that a component's
//! imports and exports have, and their conversions.

mod bindings;

pub use bindings::belljar::sandbox::types;
