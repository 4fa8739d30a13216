//! What the paths from one point of a function to another cost: the longest and the shortest.

/// The costs of the paths from one point to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cost {
    pub longest: u64,
    pub shortest: u64,
}

impl Cost {
    /// Paths that all cost the same.
    pub(crate) fn exactly(cost: u64) -> Self {
        Self {
            longest: cost,
            shortest: cost,
        }
    }

    /// The paths of both.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            longest: self.longest.max(other.longest),
            shortest: self.shortest.min(other.shortest),
        }
    }

    /// A path of the one and then one of the other.
    pub(crate) fn then(self, next: Self) -> Self {
        Self {
            longest: self.longest.saturating_add(next.longest),
            shortest: self.shortest.saturating_add(next.shortest),
        }
    }

    /// The paths from `start` on, of those that all pass it.
    pub(crate) fn since(self, start: Self) -> Self {
        Self {
            longest: self.longest.saturating_sub(start.longest),
            shortest: self.shortest.saturating_sub(start.shortest),
        }
    }
}
