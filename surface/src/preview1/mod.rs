//! WASI preview 1: a method of [`Call`](crate::Call) for each of its functions.
//!
//! - `list`: the functions, with their arguments;
//! - `descriptors`: what a descriptor is, and what is told of it;
//! - `reading`: reading, writing, seeking, by `vectors` of buffers;
//! - `paths`: opening and asking about paths;
//! - `directories`: the preopened root, and listing;
//! - `system`: arguments, environment, clocks, random bytes;
//! - `poll`: waiting;
//! - `refused`: everything that changes or reaches something.

mod descriptors;
mod directories;
mod filestat;
mod list;
mod paths;
mod poll;
mod reading;
mod refused;
mod system;
mod vectors;

pub(crate) use system::MAX_RANDOM_BYTES;
