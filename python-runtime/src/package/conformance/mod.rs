//! The conformance suite of the surface, as guests in a component of ours: what the shim answers an
//! interpreter, through the same glue.
//!
//! - `component`: a guest's component, and its execution;
//! - `preview1`: the suite; `preview2`: that the small edition's calls work on the same state.

mod component;
mod preview1;
mod preview2;
