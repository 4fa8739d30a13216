//! Control-flow analysis of one function: what its paths cost and where its loops are.
//!
//! WebAssembly's control flow is structured, so a single walk over the instructions is enough.
//! Apart from the branches back to the header of an enclosing `loop`, all control flows forward;
//! without these *back edges* the code is a directed acyclic graph, with the instructions already
//! in topological order. The walk keeps the cost of the longest path to the current instruction
//! and, for every enclosing block, that of the longest path to its end; and likewise for the
//! shortest path.
//!
//! Three rules make up for what the longest path alone would miss:
//!
//! * **Exceptions** flow from a `try_table` to its handlers without an instruction that says so.
//!   Every point of the body is taken as a place they may come from, so a handler's path starts
//!   with the highest cost that occurs anywhere in the body.
//! * **Calls** end a path as well as `return` and `throw` do, because they need not come back: they
//!   may throw, or call this function again. So a function's cost is the highest at any call,
//!   throw or exit. (What runs between the last of those and a trap is not charged; a trap is the
//!   end of the run.)
//! * **Long paths** are split: where a path grows longer than [`CostModel::max_region`], a check
//!   is placed that charges what has come together since the header of the innermost loop, and
//!   the path goes on from there as if it had just come from the header.
//!
//! Inside of a loop, costs are relative to its header: a back edge costs what the longest path
//! from the header costs. As every path to an instruction in a loop passes its header, that is a
//! simple difference.

mod frames;

use wasmparser::{BlockType, Catch, Operator};

use crate::{
    bulk::{self, Bulk},
    costs::CostModel,
    loops::{BackEdge, Loop},
    module::Module,
    path_cost::Cost,
    scan::Op,
};

use frames::{Frame, Kind, OpenLoop, Reach, Thrown, either};

/// The facts about the rest of the module that the walk needs.
pub(crate) struct Callees<'m> {
    pub module: &'m Module<'m>,
    pub costs: &'m CostModel,
    /// By function: what a call adds to the caller's path.
    pub direct: &'m [Cost],
    /// By signature class: what a call through a table adds.
    pub indirect: &'m [Cost],
}

/// The result of the analysis.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    /// The cost of the longest path from the entry to a call, a throw or an exit, and of the
    /// shortest and the likely ones to an exit.
    pub cost: Cost,
    /// The loops that control can reach, outer ones before inner ones.
    pub loops: Vec<Loop>,
    /// The places where long paths are split, in order.
    pub splits: Vec<Split>,
}

/// A check is needed before the instruction `at`, for paths of this cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split {
    pub at: usize,
    pub cost: Cost,
}

/// Analyses one body. The instructions must be valid.
pub(crate) fn analyse(ops: &[Op<'_>], callees: &Callees<'_>) -> Flow {
    let mut walk = Walk {
        callees,
        flow: Flow::default(),
        frames: vec![Frame::new(Kind::Function, Some(Cost::default()))],
        loops: Vec::new(),
        tries: Vec::new(),
        exits: None,
        here: Some(Cost::default()),
    };
    for index in 0..ops.len() {
        walk.step(ops, index);
    }
    let exits = walk.exits.unwrap_or_default();
    walk.flow.cost = Cost {
        longest: walk.flow.cost.longest,
        ..exits
    };
    walk.flow
}

struct Walk<'w> {
    callees: &'w Callees<'w>,
    flow: Flow,
    frames: Vec<Frame>,
    loops: Vec<OpenLoop>,
    /// The frames of the `try_table`s around the current instruction.
    tries: Vec<usize>,
    /// The cost of the paths to an exit.
    exits: Reach,
    here: Reach,
}

impl Walk<'_> {
    fn step(&mut self, ops: &[Op<'_>], index: usize) {
        self.split_if_long(index);
        let op = &ops[index].0;
        let bulk = bulk::classify(op, index.checked_sub(1).map(|previous| &ops[previous].0));
        self.pass(Cost::exactly(match bulk {
            // The length is charged separately.
            Some(_) => CostModel::weight(op),
            // Charged on the spot.
            None if CostModel::price_of_throw(op).is_some() => 0,
            None => CostModel::weight_in_place(index, |i| &ops[i].0),
        }));
        match op {
            Operator::Block { .. } => self.frames.push(Frame::new(Kind::Block, self.here)),
            Operator::If { .. } => {
                let part = self.here.map(|here| here.branch().0);
                self.here = part;
                self.frames.push(Frame::new(Kind::If(part), part));
            }
            Operator::Loop { blockty } => self.enter_loop(index, *blockty),
            Operator::TryTable { try_table } => self.enter_try(&try_table.catches),
            Operator::Else => self.switch_to_else(),
            Operator::End => self.leave(index),
            Operator::Br { relative_depth } => {
                self.branch(index, *relative_depth, false);
                self.here = None;
            }
            Operator::BrIf { relative_depth } => {
                let (taken, not_taken) = self.here.map(Cost::branch).unzip();
                self.here = taken;
                self.branch(index, *relative_depth, false);
                self.here = not_taken;
            }
            Operator::BrTable { targets } => {
                let part = 1.0 / (1.0 + f64::from(targets.len()));
                self.here = self.here.map(|here| here.sometimes(part));
                // A target that can't be read is impossible in a valid body.
                for depth in targets.targets().flatten() {
                    self.branch(index, depth, true);
                }
                self.branch(index, targets.default(), true);
                self.here = None;
            }
            Operator::Return => {
                self.exit_loops_to(0);
                self.exit(self.here);
                self.here = None;
            }
            Operator::Throw { .. } | Operator::ThrowRef => {
                self.exit_loops_to(0);
                self.mark_loop(|l| l.has_call = true);
                self.end_of_path();
                self.here = None;
            }
            Operator::Unreachable => self.here = None,
            Operator::Call { function_index } => {
                self.call(self.callees.direct[*function_index as usize]);
            }
            Operator::CallIndirect { type_index, .. } => {
                let class = self.callees.module.classes[*type_index as usize];
                self.call(self.callees.indirect[class as usize]);
            }
            _ => {}
        }
        match bulk {
            Some(Bulk::Helper(_)) => self.call(bulk::HELPER_COST),
            Some(Bulk::Before { .. } | Bulk::After { .. }) => self.mark_loop(|l| l.has_call = true),
            None => {}
        }
    }

    /// Adds to the current path's cost.
    fn pass(&mut self, cost: Cost) {
        if let Some(here) = &mut self.here {
            *here = here.then(cost);
            self.note_peak();
        }
    }

    /// Remembers the cost as one that an exception may be thrown at.
    fn note_peak(&mut self) {
        if let Some(here) = self.here {
            self.note(|thrown| thrown.highest = thrown.highest.max(here.longest));
        }
    }

    /// Remembers the cost as one that an exception is likely to be thrown at.
    fn note_throw(&mut self) {
        if let Some(here) = self.here {
            self.note(|thrown| thrown.cheapest = thrown.cheapest.min(here.shortest));
        }
    }

    /// Notes something for the innermost `try_table`, which is enough: it passes that on when it
    /// ends.
    fn note(&mut self, note: impl Fn(&mut Thrown)) {
        if let Some(&frame) = self.tries.last()
            && let Kind::Try { thrown, .. } = &mut self.frames[frame].kind
        {
            note(thrown);
        }
    }

    /// The cost at the header of the innermost loop, or at the function's entry.
    fn base(&self) -> Cost {
        self.loops.last().map_or(Cost::default(), |l| l.start)
    }

    fn split_if_long(&mut self, index: usize) {
        let Some(here) = self.here else { return };
        let cost = here.since(self.base());
        if cost.longest > self.callees.costs.max_region {
            self.flow.splits.push(Split { at: index, cost });
            self.here = Some(self.base());
        }
    }

    fn call(&mut self, callee: Cost) {
        self.pass(callee);
        self.mark_loop(|l| l.has_call = true);
        self.end_of_path();
    }

    /// Control may not come back from here.
    fn end_of_path(&mut self) {
        self.note_throw();
        let longest = self.here.map_or(0, |here| here.longest);
        self.flow.cost.longest = self.flow.cost.longest.max(longest);
    }

    /// Control leaves the function.
    fn exit(&mut self, cost: Reach) {
        if let Some(cost) = cost {
            self.flow.cost.longest = self.flow.cost.longest.max(cost.longest);
            self.exits = either(self.exits, Some(cost));
        }
    }

    fn mark_loop(&mut self, mark: impl Fn(&mut Loop)) {
        // Outer loops inherit the marks of inner ones when those end.
        if let Some(open) = self.loops.last() {
            mark(&mut self.flow.loops[open.index]);
        }
    }

    fn exit_loops_to(&mut self, frame: usize) {
        if let Some(open) = self.loops.last_mut() {
            open.outermost_target = open.outermost_target.min(frame);
        }
    }

    fn enter_loop(&mut self, index: usize, block: BlockType) {
        self.mark_loop(|l| l.has_inner_loop = true);
        let number = self.here.map(|start| {
            let frame = self.frames.len();
            let number = self.flow.loops.len();
            let parent = self.loops.last().map(|open| open.index);
            self.loops.push(OpenLoop {
                index: number,
                frame,
                start,
                outermost_target: frame,
            });
            self.flow.loops.push(Loop {
                start: index,
                parent,
                has_parameters: self.callees.module.has_parameters(block),
                ..Loop::default()
            });
            number
        });
        self.frames.push(Frame::new(Kind::Loop(number), self.here));
    }

    fn enter_try(&mut self, catches: &[Catch]) {
        self.mark_loop(|l| l.has_try = true);
        let depth_of = |catch: &Catch| match *catch {
            Catch::One { label, .. }
            | Catch::OneRef { label, .. }
            | Catch::All { label }
            | Catch::AllRef { label } => label,
        };
        // Labels count from the block around the `try_table`.
        let handlers: Vec<usize> = catches
            .iter()
            .map(|catch| self.frames.len() - 1 - depth_of(catch) as usize)
            .collect();
        for &frame in &handlers {
            self.exit_loops_to(frame);
        }
        self.tries.push(self.frames.len());
        self.frames.push(Frame::new(
            Kind::Try {
                handlers,
                thrown: Thrown {
                    highest: self.here.map_or(0, |here| here.longest),
                    cheapest: u64::MAX,
                },
            },
            self.here,
        ));
    }

    fn switch_to_else(&mut self) {
        let here = self.here;
        if let Some(frame) = self.frames.last_mut() {
            frame.label = either(frame.label, here);
            if let Kind::If(otherwise) = &mut frame.kind {
                self.here = otherwise.take();
            }
        }
        self.note_peak();
    }

    fn leave(&mut self, index: usize) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        match frame.kind {
            Kind::Function => self.exit(either(self.here, frame.label)),
            Kind::Block => self.here = either(self.here, frame.label),
            Kind::If(otherwise) => self.here = either(either(self.here, frame.label), otherwise),
            Kind::Loop(None) => {}
            Kind::Loop(Some(_)) => self.leave_loop(index),
            Kind::Try { handlers, thrown } => {
                self.tries.pop();
                let cost = frame.start.map(|_| thrown.cost());
                for target in handlers {
                    self.catch(target, cost);
                }
                self.note(|outer| {
                    outer.highest = outer.highest.max(thrown.highest);
                    outer.cheapest = outer.cheapest.min(thrown.cheapest);
                });
                self.here = either(self.here, frame.label);
            }
        }
        self.note_peak();
    }

    fn leave_loop(&mut self, index: usize) {
        let Some(open) = self.loops.pop() else { return };
        let closed = &mut self.flow.loops[open.index];
        closed.end = index;
        closed.has_exit |= open.outermost_target < open.frame;
        let (has_call, has_try) = (closed.has_call, closed.has_try);
        self.exit_loops_to(open.outermost_target);
        self.mark_loop(|outer| {
            outer.has_call |= has_call;
            outer.has_try |= has_try;
        });
    }

    /// A branch from the current instruction.
    fn branch(&mut self, index: usize, depth: u32, in_table: bool) {
        let target = self.frames.len() - 1 - depth as usize;
        self.exit_loops_to(target);
        let here = self.here;
        let frame = &mut self.frames[target];
        let Kind::Loop(number) = frame.kind else {
            frame.label = either(frame.label, here);
            return;
        };
        let Some(number) = number else { return };
        let target = &mut self.flow.loops[number];
        let Some(here) = here else {
            target.has_dead_edge = true;
            return;
        };
        let cost = here.since(frame.start.unwrap_or_default());
        target.add_way_around(cost);
        target.has_table_edge |= in_table;
        // The same `br_table` may name a header many times, each time with the same cost.
        if target.back_edges.last().is_none_or(|edge| edge.at != index) {
            target.back_edges.push(BackEdge { at: index, cost });
        }
    }

    /// An exception that is thrown at a cost leads to a handler.
    fn catch(&mut self, target: usize, thrown: Reach) {
        let frame = &mut self.frames[target];
        match (&frame.kind, thrown) {
            (Kind::Loop(Some(number)), Some(thrown)) => {
                let header = &mut self.flow.loops[*number];
                header.add_way_around(thrown.since(frame.start.unwrap_or_default()));
                header.is_handler = true;
            }
            (Kind::Loop(_), _) => {}
            _ => frame.label = either(frame.label, thrown),
        }
    }
}
