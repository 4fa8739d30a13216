//! The node that a path leads to.

use core::ops::Range;

/// A file, a directory or a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A file of the system: where it lies in the pack.
    File(Range<u64>),
    /// A directory.
    Directory,
    /// A device that gives random bytes.
    Random,
}

impl Node {
    /// Its size in bytes, as `stat` tells it.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::File(range) => range.end.saturating_sub(range.start),
            Self::Directory | Self::Random => 0,
        }
    }
}
