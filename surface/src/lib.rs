//! The deny-all surface of a sandbox: WASI preview 1, and the state behind it.
//!
//! A guest gets clocks, random bytes, three byte streams and a few read-only files. Everything else
//! answers with the errno that makes Python raise its ordinary exception. Nothing here opens, names
//! or lists anything of the host.
//!
//! Who runs a sandbox adapts this to its engine: natively `engine`, in a component of its own
//! `python-runtime/component`. The same call does the same and costs the same on both:
//!
//! - [`Machine`] is what an adapter gives: the guest's memory, the host's clocks and random bytes,
//!   waiting, the bytes of the system's files;
//! - [`Surface`] is the state of one run: clock, entropy, streams, files;
//! - [`Call`] has a method for each function of preview 1, and the few things that WASI 0.2 has in
//!   common with it; [`preview1!`] is the list of those functions;
//! - [`toll`] is what a call costs. [`Surface::serve`] says the price, and the adapter takes it.
//!
//! | state | where |
//! |---|---|
//! | clocks, random bytes, standard input, output | `clock`, `entropy`, `stdin`, `output` |
//! | what a path leads to | `files::system_tree`, below `files::tree` |
//! | what is open | `files::open_files` |
//!
//! What every adapter must answer is in the crate beside this one, `conformance/`.
//!
//! The crate has no standard library and knows no engine; nothing in it is Python's.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod call;
mod clock;
mod entropy;
mod errno;
mod files;
mod machine;
mod output;
mod preview1;
mod stdin;
mod stop;
mod surface;
pub mod toll;

pub use call::{Call, Failure, Served};
pub use clock::Clock;
pub use entropy::Entropy;
pub use errno::Errno;
pub use files::SystemTree;
pub use machine::{BadAddress, Machine};
pub use output::{Output, Stream};
pub use stdin::Stdin;
pub use stop::{Cause, Stop};
pub use surface::Surface;
