//! The conformance suite of the surface: what every adapter must answer, call by call.
//!
//! A [`Case`] is a guest's memory, a few calls, and what must come of them: errnos, bytes, how the run
//! ends. Here all of them are made of a [`Mock`]. Those who adapt the surface run the same cases in
//! their engine, as a guest that [`Case::guest`] writes as WebAssembly text, and compare what they
//! [observe](Observed) with what the mock does: the same output and the same price.
//!
//! Who writes a case in `cases` asks it of every adapter.

#![forbid(unsafe_code)]

mod case;
mod cases;
mod dispatch;
mod guest;
mod mock;
mod world;

pub use case::{Case, Ending, Observed};
pub use cases::all;
pub use guest::REQUEST_ADDRESS;
pub use mock::Mock;
pub use world::{
    DEADLINE, FUEL, MEMORY_PAGES, OUTPUT_BYTES, SEED, STDIN, files, pack, random_bytes,
};
