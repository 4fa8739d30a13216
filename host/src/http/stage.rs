//! What a server is at.

/// What a server is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Requests are answered.
    Serving,
    /// What runs is finished; everything else is refused.
    Stopping,
}
