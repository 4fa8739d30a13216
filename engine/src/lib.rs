//! The half of the sandbox that preparing an image and running scripts have in common.
//!
//! An image is a snapshot of a started CPython. Two things must be the same when it is taken and
//! when it is used: the engine's compile-time settings (or the native code is refused) and the WASI
//! surface (wasi-libc keeps its table of preopened directories inside the snapshot). Both live here,
//! so that they cannot drift apart:
//!
//! - [`settings`]: every knob of Wasmtime that we turn, with its reason.
//! - [`Guest`]: the data of one store: its [`Surface`], which is what it sees, and its door.
//! - `preview1`, `machine`: that surface as `wasi_snapshot_preview1`, over Wasmtime and this machine.
//! - [`Door`]: the out-of-band channel `host.call`, for what must never travel on stdout.
//! - [`Meter`]: the fuel that the module counts for itself.
//! - [`Interrupt`]: stops a run from another thread, also while it sleeps; [`Code`] is what of.
//!
//! The crate knows Wasmtime; it knows nothing of Python.

mod door;
mod file_tree;
mod guest;
mod interrupt;
mod machine;
mod memory;
mod meter;
pub mod pagemap;
mod preview1;
pub mod settings;
mod settle;
mod tap;

pub use belljar_surface::{
    BadAddress, Cause, Clock, Entropy, Output, Stdin, Stop, Stream, Surface,
};
pub use door::Door;
pub use file_tree::{FileEntry, FileTree, FileTreeError};
pub use guest::{Guest, GuestFunctions};
pub use interrupt::{Code, Desk, Interrupt};
pub use memory::{GuestMemory, MemoryLimiter};
pub use meter::Meter;
pub use settings::{EngineSettings, Metering, Pool};
pub use tap::Tap;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs a future that never waits: Wasmtime's asynchronous calls, when nothing they call yields,
/// and which we use for the sake of the separate stack they run on.
pub fn run_now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
