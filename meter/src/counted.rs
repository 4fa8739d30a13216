//! Counted loops: innermost loops that are sure to end, and when.
//!
//! Compilers turn most of the hot inner loops of numeric code into one shape:
//!
//! ```wat
//! loop
//!   …                                    ;; straight code and forward branches
//!   local.get $i  i32.const STEP  i32.add  local.set $i
//!   …
//!   local.get $i  local.get $bound  i32.lt_s
//!   br_if 0
//! end
//! ```
//!
//! Such a loop need not check in every iteration: it can be run in [strips](crate::strips) of a
//! known number of iterations that are charged before each begins. This module recognises the
//! shape. What it demands is what makes the number of iterations of a strip predictable:
//!
//! * the branch at the very end is the only way to repeat, and there is no other way out;
//! * no calls, no inner loops, no exceptions;
//! * `$i` is written once, by the addition of a constant, where every iteration passes (outside of
//!   any inner block), so it has grown by exactly `STEP` when the branch is reached;
//! * `$bound` is a constant or a local that the loop does not write.

use wasmparser::{BlockType, Operator};

use crate::{costs::MAX_COUNTED_COST, loops::Loop, scan::Op};

/// Steps larger than this are not worth thinking about. The limit keeps the distance covered by a
/// strip far below 2^32.
const MAX_STEP: u32 = 1 << 16;

/// A counted loop's control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The local that counts.
    pub counter: u32,
    /// The number that is added to it in each iteration; not zero.
    pub step: i32,
    /// The value that it is compared to.
    pub bound: Bound,
    /// The loop goes on while this holds of the counter, after the step, and the bound.
    pub test: Test,
    /// The number of values that the final `br_if` or its comparison takes from the stack.
    pub operands: u32,
    /// The index of the instruction that takes them: the comparison, or the `br_if` itself.
    pub latch: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Local(u32),
    Constant(i32),
}

/// The comparison of the counter with the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    /// Different from the bound.
    Differs,
    /// Less than the bound, counting up.
    Below { signed: bool, or_equal: bool },
    /// Greater than the bound, counting down.
    Above { signed: bool, or_equal: bool },
}

impl Test {
    /// The same test with its operands exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Differs => Self::Differs,
            Self::Below { signed, or_equal } => Self::Above { signed, or_equal },
            Self::Above { signed, or_equal } => Self::Below { signed, or_equal },
        }
    }
}

/// Recognises a counted loop.
pub(crate) fn recognise(ops: &[Op<'_>], candidate: &Loop) -> Option<Counted> {
    let regular = !candidate.has_call
        && !candidate.has_exit
        && !candidate.has_inner_loop
        && !candidate.has_try
        && !candidate.has_dead_edge
        && !candidate.is_handler
        && candidate.cost.longest <= MAX_COUNTED_COST
        && matches!(
            ops[candidate.start].0,
            Operator::Loop {
                blockty: BlockType::Empty
            }
        );
    let [edge] = candidate.back_edges[..] else {
        return None;
    };
    if !regular
        || edge.at + 1 != candidate.end
        || !matches!(ops[edge.at].0, Operator::BrIf { relative_depth: 0 })
    {
        return None;
    }
    Body {
        ops,
        start: candidate.start,
        branch: edge.at,
    }
    .recognise()
}

/// The instructions of a loop, from `loop` to its only back edge.
struct Body<'b, 'a> {
    ops: &'b [Op<'a>],
    start: usize,
    branch: usize,
}

/// A value that the final branch depends on.
#[derive(Clone, Copy)]
enum Operand {
    Local(u32),
    Constant(i32),
}

impl Body<'_, '_> {
    fn recognise(&self) -> Option<Counted> {
        // Without a comparison, the branch compares its operand to zero.
        if let Some((operand, _)) = self.operand_ending_at(self.branch - 1) {
            return self.control(operand, Operand::Constant(0), Test::Differs, 1, self.branch);
        }
        let latch = self.branch - 1;
        let test = comparison(&self.ops[latch].0)?;
        let (right, before) = self.operand_ending_at(latch - 1)?;
        let (left, _) = self.operand_ending_at(before)?;
        self.control(left, right, test, 2, latch)
            .or_else(|| self.control(right, left, test.mirrored(), 2, latch))
    }

    /// The operand whose last instruction is at `end`, and the index before its first.
    fn operand_ending_at(&self, end: usize) -> Option<(Operand, usize)> {
        if end <= self.start {
            return None;
        }
        match self.ops[end].0 {
            Operator::LocalGet { local_index } => Some((Operand::Local(local_index), end - 1)),
            Operator::I32Const { value } => Some((Operand::Constant(value), end - 1)),
            // `$i + STEP` that is stored and compared at once.
            Operator::LocalTee { local_index } => {
                self.step_of_write(end)?;
                Some((Operand::Local(local_index), end - 4))
            }
            _ => None,
        }
    }

    fn control(
        &self,
        counter: Operand,
        bound: Operand,
        test: Test,
        operands: u32,
        latch: usize,
    ) -> Option<Counted> {
        let Operand::Local(counter) = counter else {
            return None;
        };
        let bound = match bound {
            Operand::Constant(value) => Bound::Constant(value),
            Operand::Local(local) if self.writes(local).next().is_none() => Bound::Local(local),
            Operand::Local(_) => return None,
        };
        let step = self.only_step(counter)?;
        let goes_towards_bound = match test {
            Test::Differs => true,
            Test::Below { .. } => step > 0,
            Test::Above { .. } => step < 0,
        };
        (goes_towards_bound && step != 0 && step.unsigned_abs() <= MAX_STEP).then_some(Counted {
            counter,
            step,
            bound,
            test,
            operands,
            latch,
        })
    }

    /// The indices of the instructions that write a local.
    fn writes(&self, local: u32) -> impl Iterator<Item = usize> + '_ {
        (self.start + 1..self.branch).filter(move |&index| {
            matches!(
                self.ops[index].0,
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index }
                    if local_index == local
            )
        })
    }

    /// The constant that the loop's only write of a local adds to it, if every iteration passes it.
    fn only_step(&self, local: u32) -> Option<i32> {
        let mut writes = self.writes(local);
        let write = writes.next()?;
        if writes.next().is_some() || self.nesting_at(write) != 0 {
            return None;
        }
        self.step_of_write(write)
    }

    /// `STEP` if the instructions up to `write` are `local.get $i, i32.const STEP, i32.add` and
    /// the write is to `$i`.
    fn step_of_write(&self, write: usize) -> Option<i32> {
        let (Operator::LocalSet {
            local_index: written,
        }
        | Operator::LocalTee {
            local_index: written,
        }) = self.ops[write].0
        else {
            return None;
        };
        if write < self.start + 4 {
            return None;
        }
        match (
            &self.ops[write - 3].0,
            &self.ops[write - 2].0,
            &self.ops[write - 1].0,
        ) {
            (
                Operator::LocalGet { local_index },
                Operator::I32Const { value },
                Operator::I32Add,
            ) if *local_index == written => Some(*value),
            _ => None,
        }
    }

    /// The number of blocks inside of the loop that are around an instruction.
    fn nesting_at(&self, index: usize) -> usize {
        self.ops[self.start + 1..index]
            .iter()
            .fold(0, |depth, (op, _)| match op {
                Operator::Block { .. } | Operator::If { .. } => depth + 1,
                Operator::End => depth - 1,
                _ => depth,
            })
    }
}

fn comparison(op: &Operator<'_>) -> Option<Test> {
    let below = |signed, or_equal| Test::Below { signed, or_equal };
    let above = |signed, or_equal| Test::Above { signed, or_equal };
    Some(match op {
        Operator::I32Ne => Test::Differs,
        Operator::I32LtS => below(true, false),
        Operator::I32LtU => below(false, false),
        Operator::I32LeS => below(true, true),
        Operator::I32LeU => below(false, true),
        Operator::I32GtS => above(true, false),
        Operator::I32GtU => above(false, false),
        Operator::I32GeS => above(true, true),
        Operator::I32GeU => above(false, true),
        _ => return None,
    })
}
