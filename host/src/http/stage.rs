//! The stages of a server.

/// A stage of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Requests are answered.
    Serving,
    /// Running requests are finished; everything else is refused.
    Stopping,
}
