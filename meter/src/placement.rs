//! The placement of the checks.
//!
//! Two decisions are made for the module as a whole: which functions have a check at their entry
//! (a *guard*), and what a call of each of the others adds to its caller's path. The second needs
//! the callees' costs before the callers', and there is an order in which that works: the guards
//! cut every cycle of calls, so what is left is acyclic.
//!
//! The rest is decided function by function, from its [flow](crate::flow):
//!
//! | what | where it is checked |
//! |---|---|
//! | the function, if it has a guard | at its entry, for its longest path |
//! | a path that has grown too long | where it has |
//! | a [counted loop](crate::counted) | before each [strip](crate::strips) of iterations |
//! | an innermost loop that calls nothing | at its header, for its longest way around |
//! | any other loop | on each back edge, if it is taken, for the longest path to that edge |
//!
//! The header is the better place in tight loops, where an additional jump for the taken branch
//! costs more than a check too many when the loop is entered. The back edge is the better place in
//! an interpreter's main loop, where each way around has its own price.
//!
//! A loop that is left on the way round, within another, is taken for a search that seldom comes back
//! to its header, like one that probes a hash table: it is checked at its back edges too. (With
//! checks at such headers, finding the distinct values of a million numbers took a fifth longer.)
//!
//! A counted loop in the corner of a very large loop that calls is not run in strips, although it
//! could be. Compilers give registers to the innermost loops first, and the loop that is added around
//! the strip would count as one: an interpreter's main loop lost several percent to a few small
//! loops in it.
//!
//! A loop whose header is also an exception handler can only be checked at the header, because
//! that back edge is not an instruction; and one whose header takes parameters is checked there
//! because they would be out of reach inside of the `if` around the check.

use std::collections::BTreeMap;

use wasmparser::Operator;

use crate::{
    callgraph::CallGraph,
    costs::CostModel,
    counted,
    error::Result,
    flow::{self, Callees, Flow},
    guards,
    loops::Loop,
    module::Module,
    path_cost::Cost,
    scan::{self, Op},
    strips::Strips,
    summary::Placed,
};

/// The decisions for the module as a whole.
pub(crate) struct Placement {
    /// By function: whether it has a guard.
    guarded: Vec<bool>,
    /// By function: what a call adds to the caller's path.
    direct: Vec<Cost>,
    /// By signature class: what a call through a table adds.
    indirect: Vec<Cost>,
}

impl Placement {
    /// Chooses guards and settles what calls cost. `address_taken` is sorted.
    pub(crate) fn settle(
        module: &Module<'_>,
        costs: &CostModel,
        graph: &CallGraph,
        address_taken: &[u32],
    ) -> Result<Self> {
        let guarded = guards::choose(graph);
        let mut this = Self {
            direct: vec![Cost::default(); module.functions.len()],
            indirect: vec![Cost::default(); module.types.len()],
            guarded,
        };
        this.direct[..module.imported_functions.len()]
            .fill(Cost::exactly(CostModel::IMPORTED_CALL));

        let mut ops = Vec::new();
        for node in graph.callees_first(&this.guarded) {
            if let Some(class) = graph.class(node) {
                let members = graph.functions_among(graph.successors(node));
                this.indirect[class as usize] = members
                    .map(|member| this.direct[member as usize])
                    .reduce(Cost::or)
                    .unwrap_or_default();
            } else if graph.is_defined_function(node) {
                let position = (node - module.first_defined_function()) as usize;
                scan::decode(module, position, &mut ops)?;
                let cost = this.flow(module, costs, &ops).cost;
                let limit = if address_taken.binary_search(&node).is_ok() {
                    costs.max_unguarded_indirect
                } else {
                    costs.max_unguarded
                };
                if cost.longest > limit {
                    this.guarded[node as usize] = true;
                } else {
                    this.direct[node as usize] = cost;
                }
            }
        }
        Ok(this)
    }

    fn flow(&self, module: &Module<'_>, costs: &CostModel, ops: &[Op<'_>]) -> Flow {
        let callees = Callees {
            module,
            costs,
            direct: &self.direct,
            indirect: &self.indirect,
        };
        flow::analyse(ops, &callees)
    }

    /// Decides where checks go in one function.
    pub(crate) fn plan(
        &self,
        module: &Module<'_>,
        costs: &CostModel,
        function: u32,
        ops: &[Op<'_>],
    ) -> Plan {
        let flow = self.flow(module, costs, ops);
        let mut plan = Plan::default();
        if self.guarded[function as usize] {
            plan.guard = Some(price(costs, flow.cost));
            plan.placed.guards += 1;
        }
        for split in &flow.splits {
            plan.insert(
                split.at,
                Rank::Split,
                Edit::Check {
                    price: price(costs, split.cost),
                },
            );
            plan.placed.splits += 1;
        }
        let mut edges = BTreeMap::new();
        let mut is_in_large_loop = Vec::with_capacity(flow.loops.len());
        for l in &flow.loops {
            let is_corner = l
                .parent
                .is_some_and(|outer| is_in_large_loop[outer] || flow.loops[outer].is_large());
            is_in_large_loop.push(is_corner);
            if l.repeats() {
                plan.check_loop(ops, l, is_corner, costs, &mut edges);
            }
        }
        for (at, cost) in edges {
            plan.check_edge(ops, at, price(costs, cost));
        }
        plan.edits.sort_by_key(|&(index, rank, _)| (index, rank));
        plan
    }
}

fn price(costs: &CostModel, cost: Cost) -> u64 {
    costs.price(cost.likely, cost.shortest, cost.longest)
}

/// The code that is to be inserted into one function.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The price at its entry.
    pub guard: Option<u64>,
    /// The edits and the instructions before which they are made, in order.
    pub edits: Vec<(usize, Rank, Edit)>,
    /// The numbers of these checks, by kind.
    pub placed: Placed,
}

/// The order of what is inserted before the same instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Header,
    Split,
    Edge,
    Strips,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Edit {
    /// A check before the instruction.
    Check { price: u64 },
    /// A check if the instruction, a `br_if`, takes its branch.
    CheckIfTaken { price: u64, depth: u32 },
    /// The beginning of a loop in strips, before its `loop`.
    StartStrips(Strips),
    /// The end of a loop in strips, in place of the instructions up to `last`.
    EndStrips { strips: Strips, last: usize },
}

impl Plan {
    fn insert(&mut self, index: usize, rank: Rank, edit: Edit) {
        self.edits.push((index, rank, edit));
    }

    /// Plans the checks of a loop. Back edges are collected in `edges`, as one `br_table` may have
    /// back edges of several loops.
    fn check_loop(
        &mut self,
        ops: &[Op<'_>],
        l: &Loop,
        is_in_large_loop: bool,
        costs: &CostModel,
        edges: &mut BTreeMap<usize, Cost>,
    ) {
        let counted = if is_in_large_loop {
            None
        } else {
            counted::recognise(ops, l)
        };
        if let Some(control) = counted {
            let strips = Strips::new(control, l.cost, costs);
            self.insert(l.start, Rank::Strips, Edit::StartStrips(strips));
            let end = Edit::EndStrips {
                strips,
                last: l.end,
            };
            self.insert(control.latch, Rank::Strips, end);
            self.placed.counted_loops += 1;
        } else if l.is_handler
            || l.has_parameters
            || !(l.has_call
                || l.has_inner_loop
                || l.has_table_edge
                || l.is_search(is_in_large_loop))
        {
            let check = Edit::Check {
                price: price(costs, l.cost),
            };
            self.insert(l.start + 1, Rank::Header, check);
            self.placed.loop_headers += 1;
        } else {
            for edge in &l.back_edges {
                // A `br_if` that is taken becomes an `if` and a `br`: one instruction more.
                let extra = u64::from(matches!(ops[edge.at].0, Operator::BrIf { .. }));
                let cost = edge.cost.then(Cost::exactly(extra));
                edges
                    .entry(edge.at)
                    .and_modify(|other| *other = other.or(cost))
                    .or_insert(cost);
            }
        }
    }

    fn check_edge(&mut self, ops: &[Op<'_>], at: usize, price: u64) {
        let edit = match ops[at].0 {
            Operator::BrIf {
                relative_depth: depth,
            } => Edit::CheckIfTaken { price, depth },
            _ => Edit::Check { price },
        };
        self.insert(at, Rank::Edge, edit);
        self.placed.back_edges += 1;
    }
}
