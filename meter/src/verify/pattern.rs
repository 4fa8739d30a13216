//! Recognising checks.
//!
//! A check is one exact sequence of instructions, apart from the amount, the local it keeps the
//! counter in, and the slow path that was chosen. Nothing can jump into the middle of it: a branch
//! leads to the start of a `loop` or behind an `end`, and the only `end` in it is its last.

use wasmparser::{BlockType, Operator};

use crate::{
    checks::{Amount, SlowPathIndex},
    host::STOPPED,
    scan::Op,
};

use super::places::{Place, works_on};

/// A check that was found in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Check {
    pub amount: Amount,
    /// `true` if it looks at the floor.
    pub watches: bool,
    /// The index of the instruction after it.
    pub next: usize,
}

/// The pattern of checks in one module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    /// The counter, by its index among globals.
    pub fuel: u32,
    /// The floor, by its index among memories.
    pub floor: Option<u32>,
    /// `true` if every check has to look at the floor, where there is one.
    pub always_watch: bool,
    pub slow_path: SlowPathIndex,
    /// The hook that checks ask, by its index among tables.
    pub hook: Option<u32>,
    pub limit: Option<Limit>,
}

/// The limit of the memory, as the code knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// The limit and the note of what it refused, by their indices among globals.
    pub pages: u32,
    pub refused: u32,
    /// The function that what memory grows by passes through.
    pub clamp: u32,
}

/// The most instructions a check with a fixed amount has.
pub(super) const LONGEST_CHECK: usize = 24;

/// No amount may be larger, so that the counter can't wrap around.
const MAX_AMOUNT_LOG2: u32 = 52;
/// No price of an iteration may be larger, as it is multiplied by up to 2^32.
const MAX_PRICE: i64 = 1 << (MAX_AMOUNT_LOG2 - 32);

impl Pattern {
    /// Recognises the check that starts at `index`, if one does.
    pub(super) fn check_at(&self, ops: &[Op<'_>], index: usize) -> Option<Check> {
        let mut cursor = Cursor { ops, index };
        cursor.expect(|op| self.reads_counter(op))?;
        let amount = amount(&mut cursor)?;
        cursor.expect(|op| matches!(op, Operator::I64Sub))?;
        let temp = cursor.local_tee()?;
        cursor.expect(|op| self.writes_counter(op))?;
        (cursor.local_get()? == temp).then_some(())?;
        let watches = self.floor(&mut cursor)?;
        cursor.expect(|op| matches!(op, Operator::I64LtS))?;
        cursor.expect(|op| {
            matches!(
                op,
                Operator::If {
                    blockty: BlockType::Empty
                }
            )
        })?;
        self.slow_path(&mut cursor)?;
        cursor.expect(|op| matches!(op, Operator::End))?;
        Some(Check {
            amount,
            watches,
            next: cursor.index,
        })
    }

    /// Recognises the call right before an instruction that grows memory, which limits by how much.
    pub(super) fn clamps_at(&self, ops: &[Op<'_>], index: usize) -> bool {
        let mut cursor = Cursor { ops, index };
        let called = cursor.take(|op| match *op {
            Operator::Call { function_index } => Some(function_index),
            _ => None,
        });
        called.is_some()
            && called == self.limit.map(|limit| limit.clamp)
            && cursor.local_tee().is_some()
            && (cursor.expect(|op| matches!(op, Operator::MemoryGrow { .. }))).is_some()
    }

    /// `true` if a function is one of the meter's own that are not proved by walking over them, as all
    /// that they do is known.
    pub(super) fn is_own(&self, function: u32) -> bool {
        self.slow_path == SlowPathIndex::Ask(function)
            || self.limit.is_some_and(|limit| limit.clamp == function)
    }

    /// `true` if an instruction works on what is the meter's own: the counter, the floor, the hook, the
    /// memory's limit, and functions that are only called where they belong.
    pub(super) fn touches(&self, op: &Operator<'_>) -> bool {
        match *op {
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                global_index == self.fuel
                    || (self.limit)
                        .is_some_and(|limit| [limit.pages, limit.refused].contains(&global_index))
            }
            Operator::Call { function_index } | Operator::RefFunc { function_index } => {
                self.is_own(function_index)
            }
            _ => {
                self.floor
                    .is_some_and(|memory| works_on(op, Place::Memory(memory)))
                    || self
                        .hook
                        .is_some_and(|table| works_on(op, Place::Table(table)))
            }
        }
    }

    fn reads_counter(&self, op: &Operator<'_>) -> bool {
        matches!(*op, Operator::GlobalGet { global_index } if global_index == self.fuel)
    }

    fn writes_counter(&self, op: &Operator<'_>) -> bool {
        matches!(*op, Operator::GlobalSet { global_index } if global_index == self.fuel)
    }

    /// Reads the limit that the counter is compared to: `true` for the floor, `false` for zero,
    /// `None` for anything else.
    fn floor(&self, cursor: &mut Cursor<'_, '_>) -> Option<bool> {
        if let Some(zero) = cursor.i64_const() {
            let may_be = self.floor.is_none() || !self.always_watch;
            return (zero == 0 && may_be).then_some(false);
        }
        let floor = self.floor?;
        (cursor.i32_const()? == 0).then_some(())?;
        cursor.expect(|op| match op {
            Operator::I64Load { memarg } => memarg.memory == floor && memarg.offset == 0,
            _ => false,
        })?;
        Some(true)
    }

    /// `true` if a check interrupts a run that the engine would otherwise go on with: it looks at
    /// the floor, or there is none.
    pub(super) fn interrupts(&self, check: &Check) -> bool {
        check.watches || self.floor.is_none()
    }

    fn slow_path(&self, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        if matches!(
            self.slow_path,
            SlowPathIndex::Throw(_) | SlowPathIndex::Call(_)
        ) {
            (cursor.i64_const()? == STOPPED).then_some(())?;
            cursor.expect(|op| self.writes_counter(op))?;
        }
        match self.slow_path {
            SlowPathIndex::Throw(tag) => {
                return cursor
                    .expect(|op| matches!(*op, Operator::Throw { tag_index } if tag_index == tag));
            }
            SlowPathIndex::Call(function) => cursor.expect(
                |op| matches!(*op, Operator::Call { function_index } if function_index == function),
            )?,
            SlowPathIndex::Ask(function) => {
                return cursor.expect(
                    |op| matches!(*op, Operator::Call { function_index } if function_index == function),
                );
            }
            SlowPathIndex::Trap => {}
        }
        cursor.expect(|op| matches!(op, Operator::Unreachable))
    }
}

/// Recognises an amount, none of which is negative or so large that the counter could wrap around.
fn amount(cursor: &mut Cursor<'_, '_>) -> Option<Amount> {
    if let Some(amount) = cursor.i64_const() {
        let amount = u64::try_from(amount).ok()?;
        return (1..1 << MAX_AMOUNT_LOG2)
            .contains(&amount)
            .then_some(Amount::Fixed(amount));
    }
    let local = cursor.local_get()?;
    if let Some(bits) = cursor.i32_const() {
        let bits = u32::try_from(bits).ok().filter(|bits| *bits < 32)?;
        cursor.expect(|op| matches!(op, Operator::I32ShrU))?;
        cursor.expect(|op| matches!(op, Operator::I64ExtendI32U))?;
        return Some(Amount::ShiftedRight { local, bits });
    }
    cursor.expect(|op| matches!(op, Operator::I64ExtendI32U))?;
    let factor = cursor.i64_const()?;
    if cursor.expect(|op| matches!(op, Operator::I64Shl)).is_some() {
        let bits = u32::try_from(factor)
            .ok()
            .filter(|bits| *bits <= MAX_AMOUNT_LOG2 - 32)?;
        return Some(Amount::ShiftedLeft { local, bits });
    }
    cursor.expect(|op| matches!(op, Operator::I64Mul))?;
    let price = u64::try_from(factor)
        .ok()
        .filter(|_| (1..=MAX_PRICE).contains(&factor))?;
    Some(Amount::Times { local, price })
}

/// A place in a body that moves on with every instruction that is as expected.
pub(super) struct Cursor<'o, 'a> {
    pub ops: &'o [Op<'a>],
    pub index: usize,
}

impl<'a> Cursor<'_, 'a> {
    /// Moves on if the instruction is as expected, and only then.
    pub(super) fn expect(&mut self, expected: impl Fn(&Operator<'a>) -> bool) -> Option<()> {
        self.take(|op| expected(op).then_some(()))
    }

    /// Moves on if the instruction yields what is looked for, and only then.
    pub(super) fn take<T>(&mut self, look: impl Fn(&Operator<'a>) -> Option<T>) -> Option<T> {
        let found = look(&self.ops.get(self.index)?.0)?;
        self.index += 1;
        Some(found)
    }

    pub(super) fn i32_const(&mut self) -> Option<i32> {
        self.take(|op| match *op {
            Operator::I32Const { value } => Some(value),
            _ => None,
        })
    }

    pub(super) fn i64_const(&mut self) -> Option<i64> {
        self.take(|op| match *op {
            Operator::I64Const { value } => Some(value),
            _ => None,
        })
    }

    pub(super) fn local_get(&mut self) -> Option<u32> {
        self.take(|op| match *op {
            Operator::LocalGet { local_index } => Some(local_index),
            _ => None,
        })
    }

    pub(super) fn local_set(&mut self) -> Option<u32> {
        self.take(|op| match *op {
            Operator::LocalSet { local_index } => Some(local_index),
            _ => None,
        })
    }

    pub(super) fn local_tee(&mut self) -> Option<u32> {
        self.take(|op| match *op {
            Operator::LocalTee { local_index } => Some(local_index),
            _ => None,
        })
    }
}
