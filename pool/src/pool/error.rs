//! Why there is no pool.

use std::io;

/// Why a pool could not start, or get ready.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] belljar_python_runtime::Error),
    /// The operating system refused something.
    #[error("could not {what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// A setting makes no sense.
    #[error("{0}")]
    Setting(&'static str),
    /// No worker got ready in time.
    #[error("no worker got ready: {}", reason.as_deref().unwrap_or("they take too long"))]
    NotReady {
        /// What the last of them failed with.
        reason: Option<String>,
    },
}
