//! The state that the instances of a front share.

use crate::metered::Metered;

/// The state that all instances share.
pub(super) struct Shared<E> {
    pub(super) executor: Metered<E>,
    /// Empty for none.
    pub(super) cors_allow_origins: String,
    /// The sites that may show `/embed` in a frame.
    pub(super) frame_ancestors: String,
}
