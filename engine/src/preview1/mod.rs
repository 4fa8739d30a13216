//! A deny-all `wasi_snapshot_preview1`, written for this purpose.
//!
//! A guest gets clocks, random bytes, three byte streams and a few read-only files. Everything
//! else of the interface is present, because the interpreter imports it, and answers with the
//! errno that makes Python raise its ordinary exception. Nothing here opens, names or lists
//! anything of the host.
//!
//! Every function goes through [`serve`]: it does a bounded amount of work, is paid for with fuel,
//! and ends a run that is to end. What each may do and costs is a table in `docs/architecture.md`.

mod descriptors;
mod errno;
mod files;
mod open_files;
mod poll;
mod refused;
mod system;
mod vectors;

pub(crate) use open_files::OpenFiles;

use crate::toll::settle;
use crate::{BadAddress, Door, Guest, GuestMemory, Stop};
use errno::Errno;
use wasmtime::{Caller, Linker};

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

/// Answers one call of the guest's: does what it asks for, takes the price, and looks whether the
/// run is to end.
fn serve<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    call: impl FnOnce(&mut GuestMemory<'_>, &mut Guest<D>) -> Result<(), Failure>,
) -> wasmtime::Result<i32> {
    let (mut memory, guest) = Guest::split(caller);
    let errno = match call(&mut memory, guest) {
        Ok(()) => 0,
        Err(Failure::Errno(errno)) => errno as i32,
        Err(Failure::Stop(stop)) => return Err(wasmtime::Error::new(stop)),
    };
    settle(caller).map_err(wasmtime::Error::new)?;
    Ok(errno)
}
