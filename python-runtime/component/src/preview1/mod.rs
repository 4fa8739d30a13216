//! A deny-all `wasi_snapshot_preview1`, answering as the native one does (`engine/src/preview1`).
//!
//! A script gets clocks, random bytes, three byte streams and a few read-only files. Everything
//! else answers with the errno that makes Python raise its ordinary exception.

mod descriptors;
mod errno;
mod files;
mod poll;
mod refused;
mod system;

pub(crate) use files::OpenFiles;

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

/// One call of the interpreter's: it first looks at the clock.
fn serve(call: impl FnOnce(&mut State) -> Result<(), Failure>) -> i32 {
    let result = match State::current() {
        Some(state) => state
            .check_deadline()
            .map_err(Failure::Stop)
            .and_then(|()| call(state)),
        None => Err(Failure::Errno(Errno::Badf)),
    };
    match result {
        Ok(()) => 0,
        Err(Failure::Errno(errno)) => errno as i32,
        Err(Failure::Stop(reason)) => stop(reason),
    }
}
