//! The costs of the paths from one point of a function to another: the longest, the shortest and the
//! likely.

/// The costs of the paths from one point to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    pub longest: u64,
    pub shortest: u64,
    /// The mean of all paths, each as often as it is [likely](Self::branch) to be taken.
    pub likely: f64,
    /// The chance that control comes here at all: only the ratio to that of other points counts.
    pub chance: f64,
}

/// The part of the paths that take a conditional branch. Which one is likely is not known. Of the parts tried
/// (0, 0.3 and 0.5), half brings the rates of different work closest together.
const TAKEN: f64 = 0.5;

/// The least chance: below it, thousands of branches on one path would come to nothing at all.
const LEAST_CHANCE: f64 = 1e-100;

impl Default for Cost {
    fn default() -> Self {
        Self::exactly(0)
    }
}

impl Cost {
    /// Paths that all cost the same.
    pub(crate) fn exactly(cost: u64) -> Self {
        Self {
            longest: cost,
            shortest: cost,
            likely: cost as f64,
            chance: 1.0,
        }
    }

    /// The paths of both.
    pub(crate) fn or(self, other: Self) -> Self {
        let chance = self.chance + other.chance;
        Self {
            longest: self.longest.max(other.longest),
            shortest: self.shortest.min(other.shortest),
            likely: (self.likely * self.chance + other.likely * other.chance) / chance,
            chance,
        }
    }

    /// A path of the one and then one of the other.
    pub(crate) fn then(self, next: Self) -> Self {
        Self {
            longest: self.longest.saturating_add(next.longest),
            shortest: self.shortest.saturating_add(next.shortest),
            likely: self.likely + next.likely,
            chance: self.chance,
        }
    }

    /// The paths from `start` on, of those that all pass it.
    pub(crate) fn since(self, start: Self) -> Self {
        Self {
            longest: self.longest.saturating_sub(start.longest),
            shortest: self.shortest.saturating_sub(start.shortest),
            likely: (self.likely - start.likely).max(0.0),
            chance: self.chance,
        }
    }

    /// The same paths, of which control takes only some.
    pub(crate) fn sometimes(self, part: f64) -> Self {
        Self {
            chance: (self.chance * part).max(LEAST_CHANCE),
            ..self
        }
    }

    /// The paths that take a conditional branch, and those that do not.
    pub(crate) fn branch(self) -> (Self, Self) {
        (self.sometimes(TAKEN), self.sometimes(1.0 - TAKEN))
    }
}
