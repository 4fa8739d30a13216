//! A deny-all `wasi_snapshot_preview1`, written for this purpose.
//!
//! A guest gets clocks, random bytes, three byte streams and a few read-only files. Everything
//! else of the interface is present, because the interpreter imports it, and answers with the
//! errno that makes Python raise its ordinary exception. Nothing here opens, names or lists
//! anything of the host.

mod descriptors;
mod errno;
mod files;
mod poll;
mod refused;
mod system;

pub(crate) use files::OpenFiles;

use crate::{BadAddress, Door, Guest, Stop};
use errno::Errno;
use wasmtime::Linker;

/// The import module's name.
const MODULE: &str = "wasi_snapshot_preview1";

/// Adds the whole of preview 1 to a linker.
pub(crate) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    system::add_to_linker(linker)?;
    descriptors::add_to_linker(linker)?;
    files::add_to_linker(linker)?;
    poll::add_to_linker(linker)?;
    refused::add_to_linker(linker)
}

/// How a call ends other than well: with an errno for the guest, or with the end of the run.
enum Failure {
    Errno(Errno),
    Stop(Stop),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<BadAddress> for Failure {
    fn from(_: BadAddress) -> Self {
        Self::Errno(Errno::Fault)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// What a call returns to the guest.
fn finish(result: Result<(), Failure>) -> wasmtime::Result<i32> {
    match result {
        Ok(()) => Ok(0),
        Err(Failure::Errno(errno)) => Ok(errno as i32),
        Err(Failure::Stop(stop)) => Err(wasmtime::Error::new(stop)),
    }
}
