//! Why there is no server.

use belljar_pool::{NotReady, PoolError};
use std::io;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, not ours, or not an address.
    #[error("could not listen on {address}: {error}{}", advice(error))]
    Listen {
        /// The address.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// The workers cannot be started.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// They were, and did not get ready.
    #[error(transparent)]
    Executor(#[from] NotReady),
    /// The front cannot be hosted.
    #[error("{0}")]
    Front(String),
    /// The operating system refused something.
    #[error("could not {what}: {error}")]
    System {
        /// The thing that was tried.
        what: &'static str,
        /// Why it failed.
        error: io::Error,
    },
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; another program listens there: end it, or choose another port with --listen \
             (port 0 takes any free one)"
        }
        io::ErrorKind::PermissionDenied => "; ports below 1024 are for root: choose another",
        _ => "; expected HOST:PORT of this machine",
    }
}

/// A closure for `map_err` on what the operating system does.
pub(crate) fn system(what: &'static str) -> impl FnOnce(io::Error) -> ServeError {
    move |error| ServeError::System { what, error }
}
