//! The log: on standard error, so that standard output has nothing but the address.

mod escape;
mod lines;
mod logging;

pub(crate) use logging::{flush, lost, start};
