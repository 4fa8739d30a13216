//! Proving that a charged strip of iterations ends.
//!
//! A check may charge a number of iterations at once. That pays for the loop that follows if it
//! can't have more of them, which is proved from the instructions alone. With `n` for the local
//! that the check multiplies by its price, and `i` for the one that the loop counts in:
//!
//! 1. Before the check, `n` is set to `1 + min(…, LIMIT)`, unsigned, so `1 <= n <= LIMIT + 1`.
//! 2. After it, `n` becomes `i + n * STEP`. Call the new value `end`.
//! 3. Then the loop begins, whose only way to repeat is its last instruction before the `end`:
//!    `local.get i, local.get end, i32.ne, br_if 0`.
//! 4. Nothing in the loop writes `end`. Only one instruction writes `i`; it adds `STEP`, and is
//!    outside of any inner block, so that every iteration passes it once.
//!
//! After `m` iterations, `i` is what it was plus `m * STEP`, modulo 2^32. So it equals `end` after
//! `n` iterations at the latest, and the loop does not repeat.
//!
//! All of this follows one upon the other without a gap, within a `loop` of its own that may begin
//! the next strip; there the verifier demands a check on every way around as in any other loop.

use wasmparser::{BlockType, Operator};

use crate::{checks::Amount, scan::Op};

use super::pattern::{Cursor, Pattern};

/// The largest number of iterations that may be charged at once, minus one.
const MAX_LIMIT: i32 = 1 << 16;
/// The most instructions that may estimate the number of iterations.
const MAX_ESTIMATE: usize = 16;

/// A loop that ends after the iterations that were charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strip {
    /// The index of its `loop` instruction.
    pub start: usize,
    /// The index of the first instruction of its test.
    pub test: usize,
    /// The index of its `end`.
    pub end: usize,
    /// The price that was charged per iteration.
    pub price: u64,
}

/// Recognises the strip in the outer loop whose `loop` instruction is at `outer`.
pub(super) fn strip_in(pattern: &Pattern, ops: &[Op<'_>], outer: usize) -> Option<Strip> {
    let mut cursor = Cursor { ops, index: outer };
    cursor.expect(is_plain_loop)?;
    // Whatever the estimate is, it has no effect but its value.
    let mut estimate = 0;
    while cursor.expect(is_arithmetic).is_some() {
        estimate += 1;
    }
    (estimate <= MAX_ESTIMATE).then_some(())?;

    let count = clamp(&mut cursor)?;
    let check = pattern.check_at(ops, cursor.index)?;
    let Amount::Times { local, price } = check.amount else {
        return None;
    };
    (local == count).then_some(())?;
    cursor.index = check.next;

    let counter = cursor.local_get()?;
    (cursor.local_get()? == count && counter != count).then_some(())?;
    let step = cursor.i32_const()?;
    cursor.expect(|op| matches!(op, Operator::I32Mul))?;
    cursor.expect(|op| matches!(op, Operator::I32Add))?;
    (cursor.local_set()? == count).then_some(())?;

    let start = cursor.index;
    cursor.expect(is_plain_loop)?;
    let (test, end) = Body {
        ops,
        start,
        counter,
        step,
        strip_end: count,
    }
    .prove()?;
    Some(Strip {
        start,
        test,
        end,
        price,
    })
}

/// Recognises `n := 1 + min(topmost value, LIMIT)` and returns `n`.
fn clamp(cursor: &mut Cursor<'_, '_>) -> Option<u32> {
    let count = cursor.local_tee()?;
    let limit = cursor.i32_const()?;
    (0..MAX_LIMIT).contains(&limit).then_some(())?;
    (cursor.local_get()? == count).then_some(())?;
    (cursor.i32_const()? == limit).then_some(())?;
    cursor.expect(|op| matches!(op, Operator::I32LtU))?;
    cursor.expect(|op| matches!(op, Operator::Select))?;
    (cursor.i32_const()? == 1).then_some(())?;
    cursor.expect(|op| matches!(op, Operator::I32Add))?;
    (cursor.local_set()? == count).then_some(count)
}

fn is_plain_loop(op: &Operator<'_>) -> bool {
    matches!(
        op,
        Operator::Loop {
            blockty: BlockType::Empty
        }
    )
}

fn is_arithmetic(op: &Operator<'_>) -> bool {
    matches!(
        op,
        Operator::LocalGet { .. }
            | Operator::I32Const { .. }
            | Operator::I32Sub
            | Operator::I32ShrU
            | Operator::I32DivU
            | Operator::I32LtS
            | Operator::I32LtU
            | Operator::I32LeS
            | Operator::I32LeU
            | Operator::I32GtS
            | Operator::I32GtU
            | Operator::I32GeS
            | Operator::I32GeU
            | Operator::Select
    )
}

/// The loop that is to be proved to end.
struct Body<'o, 'a> {
    ops: &'o [Op<'a>],
    start: usize,
    counter: u32,
    step: i32,
    strip_end: u32,
}

impl Body<'_, '_> {
    /// Returns the indices of the first instruction of the test and of the `end`.
    fn prove(&self) -> Option<(usize, usize)> {
        let mut depth = 0_u32;
        let mut steps = 0;
        let mut repeats = 0;
        for index in self.start + 1..self.ops.len() {
            match &self.ops[index].0 {
                Operator::Block { .. } | Operator::If { .. } => depth += 1,
                Operator::End if depth > 0 => depth -= 1,
                Operator::End => {
                    let test = self.test_before(index)?;
                    return (steps == 1 && repeats == 1).then_some((test, index));
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    repeats += u32::from(*relative_depth == depth);
                }
                Operator::BrTable { targets } => {
                    for target in targets.targets() {
                        repeats += u32::from(target.ok()? == depth);
                    }
                    repeats += u32::from(targets.default() == depth);
                }
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    if *local_index == self.strip_end {
                        return None;
                    }
                    if *local_index == self.counter {
                        (depth == 0 && self.is_step(index)).then_some(())?;
                        steps += 1;
                    }
                }
                // What calls, throws or repeats is not what a strip is for.
                Operator::Loop { .. }
                | Operator::TryTable { .. }
                | Operator::Throw { .. }
                | Operator::ThrowRef
                | Operator::Call { .. }
                | Operator::CallIndirect { .. } => return None,
                _ => {}
            }
        }
        None
    }

    /// `true` if the write at `index` adds the step to the counter.
    fn is_step(&self, index: usize) -> bool {
        if index < self.start + 4 {
            return false;
        }
        let mut cursor = Cursor {
            ops: self.ops,
            index: index - 3,
        };
        cursor.local_get() == Some(self.counter)
            && cursor.i32_const() == Some(self.step)
            && cursor.expect(|op| matches!(op, Operator::I32Add)).is_some()
            && cursor.index == index
    }

    /// Recognises the test before the `end` at `end`, and returns the index of its first
    /// instruction. That it is outside of any inner block follows from where it is.
    fn test_before(&self, end: usize) -> Option<usize> {
        let test = end.checked_sub(4).filter(|test| *test > self.start)?;
        let mut cursor = Cursor {
            ops: self.ops,
            index: test,
        };
        (cursor.local_get()? == self.counter).then_some(())?;
        (cursor.local_get()? == self.strip_end).then_some(())?;
        cursor.expect(|op| matches!(op, Operator::I32Ne))?;
        cursor.expect(|op| matches!(op, Operator::BrIf { relative_depth: 0 }))?;
        (cursor.index == end).then_some(test)
    }
}
