//! The blocks around the current instruction of the walk, and with what costs they are entered and left.

use crate::path_cost::Cost;

/// The cost of the paths to a point, or `None` where no path leads.
pub(super) type Reach = Option<Cost>;

/// The paths of both.
pub(super) fn either(one: Reach, other: Reach) -> Reach {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.or(other)),
        (one, other) => one.or(other),
    }
}

pub(super) enum Kind {
    Function,
    Block,
    /// With the cost at which the `else` branch starts, until it has.
    If(Reach),
    /// With the index among [`Flow::loops`](super::Flow::loops), or `None` in dead code.
    Loop(Option<usize>),
    /// With the frames its handlers lead to, and what its body throws.
    Try {
        handlers: Vec<usize>,
        thrown: Thrown,
    },
}

/// The costs at which a `try_table` may be left for its handlers.
#[derive(Clone, Copy)]
pub(super) struct Thrown {
    /// The highest cost anywhere in the body.
    pub highest: u64,
    /// The cost of the shortest path to anything that throws.
    pub cheapest: u64,
}

/// The chance that a handler is reached: it is there for what is rare.
const THROWS: f64 = 0.01;

impl Thrown {
    pub(super) fn cost(self) -> Cost {
        let shortest = self.cheapest.min(self.highest);
        Cost {
            longest: self.highest,
            shortest,
            likely: shortest as f64,
            chance: THROWS,
        }
    }
}

pub(super) struct Frame {
    pub kind: Kind,
    /// The cost at the block's start.
    pub start: Reach,
    /// The cost of the branches to the block's end.
    pub label: Reach,
}

impl Frame {
    pub(super) fn new(kind: Kind, start: Reach) -> Self {
        Self {
            kind,
            start,
            label: None,
        }
    }
}

/// A loop around the current instruction.
pub(super) struct OpenLoop {
    /// The index among [`Flow::loops`](super::Flow::loops).
    pub index: usize,
    pub frame: usize,
    /// The cost at the header.
    pub start: Cost,
    /// The outermost frame that a branch in this loop leads to.
    pub outermost_target: usize,
}
