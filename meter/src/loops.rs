//! A loop, and the facts that are known of it once its function was walked through.

use crate::path_cost::Cost;

/// A branch that leads back to a loop's header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BackEdge {
    /// The index of the branch.
    pub at: usize,
    /// The cost of the paths from the header.
    pub cost: Cost,
}

/// A loop.
#[derive(Debug, Default)]
pub(crate) struct Loop {
    /// The index of the `loop` instruction.
    pub start: usize,
    /// The index of its `end`.
    pub end: usize,
    /// The index among [`Flow::loops`](crate::flow::Flow::loops) of the loop around it.
    pub parent: Option<usize>,
    /// The branches back to its header, without the handlers.
    pub back_edges: Vec<BackEdge>,
    /// The cost of the paths back to the header, by branches and by handlers.
    pub cost: Cost,
    /// One of the back edges is in a `br_table`.
    pub has_table_edge: bool,
    /// An exception handler leads to the header.
    pub is_handler: bool,
    pub has_parameters: bool,
    pub has_inner_loop: bool,
    pub has_try: bool,
    /// Something in it calls, throws, or is a bulk instruction with a charge of its own.
    pub has_call: bool,
    /// Control can leave other than by reaching the end.
    pub has_exit: bool,
    /// Code that is never reached branches to the header.
    pub has_dead_edge: bool,
}

/// A loop of more instructions than this has corners that should not get at its registers.
const LARGE_LOOP: usize = 2000;

impl Loop {
    /// `true` if it is an interpreter's main loop, or one like it: large, and with calls in it.
    pub(crate) fn is_large(&self) -> bool {
        self.has_call && self.end - self.start > LARGE_LOOP
    }

    /// `true` if anything leads back to the header. If not, the `loop` is a `block` by another
    /// name.
    pub(crate) fn repeats(&self) -> bool {
        !self.back_edges.is_empty() || self.is_handler
    }

    /// `true` if it probably ends where it begins: a loop within another that can be left on the
    /// way, as one that probes a hash table, seldom comes back to its header.
    pub(crate) fn is_search(&self, is_in_large_loop: bool) -> bool {
        self.parent.is_some() && self.has_exit && !is_in_large_loop
    }

    pub(crate) fn add_way_around(&mut self, cost: Cost) {
        self.cost = if self.repeats() {
            self.cost.or(cost)
        } else {
            cost
        };
    }
}
