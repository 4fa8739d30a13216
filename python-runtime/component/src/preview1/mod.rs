//! A deny-all `wasi_snapshot_preview1`, answering as the native one does (`engine/src/preview1`).
//!
//! A script gets clocks, random bytes, three byte streams and a few read-only files. Everything
//! else answers with the errno that makes Python raise its ordinary exception. Every function goes
//! through [`serve`], and is paid for with fuel.

mod descriptors;
mod errno;
mod files;
mod open_files;
mod poll;
mod refused;
mod system;
mod vectors;

pub(crate) use open_files::OpenFiles;

use crate::glue::BadAddress;
use crate::run::{State, Stop, stop};
use errno::Errno;

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

/// One call of the interpreter's: it is answered and paid for, and then looks at the clock.
fn serve(call: impl FnOnce(&mut State) -> Result<(), Failure>) -> i32 {
    let Some(state) = State::current() else {
        return Errno::Badf as i32;
    };
    let errno = match call(state) {
        Ok(()) => 0,
        Err(Failure::Errno(errno)) => errno as i32,
        Err(Failure::Stop(reason)) => stop(reason),
    };
    match state.settle().and_then(|()| state.check_deadline()) {
        Ok(()) => errno,
        Err(reason) => stop(reason),
    }
}
