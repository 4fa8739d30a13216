//! Lies: statements of a worker that cannot be true.

/// A statement of a worker that cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lie {
    /// It speaks of an execution that it was not given.
    #[error("an execution that it was not given")]
    NotGiven,
    /// It says that an execution waits which does so already.
    #[error("an execution that waits twice")]
    NotRunning,
    /// It says that an execution gave what it cannot have given.
    #[error("more than an execution may give")]
    TooMuch,
    /// It says that an execution waits no longer which did not wait.
    #[error("an execution that goes on twice")]
    NotWaiting,
    /// It answers what it was not asked.
    #[error("its life, without being asked")]
    NotAsked,
}
