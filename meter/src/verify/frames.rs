//! The blocks around the current instruction of the verifier's walk, and with what debts they are
//! entered and left.

/// `None` where no path leads.
pub(super) type Debt = Option<i64>;

pub(super) enum Kind {
    Function,
    Block,
    /// With the debt at which the `else` branch starts, until it has.
    If(Debt),
    /// With the index of the `loop` instruction.
    Loop {
        index: usize,
    },
    /// With the frames its handlers lead to, and the highest debt in its body so far.
    Try {
        handlers: Vec<usize>,
        peak: Debt,
    },
}

pub(super) struct Frame {
    pub kind: Kind,
    /// The debt at the start.
    pub start: Debt,
    /// The highest debt of a branch to the end.
    pub label: Debt,
}

impl Frame {
    pub(super) fn new(kind: Kind, start: Debt) -> Self {
        Self {
            kind,
            start,
            label: None,
        }
    }
}
