//! Proving that bulk instructions are charged by their length.
//!
//! There are four ways. The length may be a constant, whose cost is part of the path's. It may come
//! out of a local that was compared with a constant right before, which bounds its cost:
//!
//! ```wat
//! local.get $n  i32.const LIMIT  i32.le_u
//! if
//!   local.get $to  local.get $value  local.get $n
//!   memory.fill
//! ```
//!
//! Or a check right before charges by that local, shifted by no less than the instruction's rate:
//!
//! ```wat
//! local.get $to  local.get $value
//! ;; a check that charges $n >> 3
//! local.get $n
//! memory.fill
//! ```
//!
//! What grows something is charged afterwards, if it has succeeded:
//!
//! ```wat
//! local.tee $n
//! memory.grow
//! local.tee $result  i32.const -1  i32.ne
//! if
//!   ;; a check that charges $n << 13
//! end
//! ```
//!
//! Where memory is limited, it is `call $clamp  local.tee $n  memory.grow` instead.

use wasmparser::{BlockType, Operator};

use crate::{
    checks::Amount,
    costs::{BYTES_PER_UNIT_LOG2, UNITS_PER_ELEMENT_LOG2, UNITS_PER_PAGE_LOG2},
    scan::Op,
};

use super::pattern::{Check, Cursor, Pattern};

/// The name of a bulk instruction, or `None` if it is none.
pub(super) fn instruction_name(op: &Operator<'_>) -> Option<&'static str> {
    Some(match op {
        Operator::MemoryCopy { .. } => "memory.copy",
        Operator::MemoryFill { .. } => "memory.fill",
        Operator::MemoryInit { .. } => "memory.init",
        Operator::MemoryGrow { .. } => "memory.grow",
        Operator::TableCopy { .. } => "table.copy",
        Operator::TableFill { .. } => "table.fill",
        Operator::TableInit { .. } => "table.init",
        Operator::TableGrow { .. } => "table.grow",
        _ => return None,
    })
}

/// A bulk instruction that is charged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charged {
    /// The most that its length costs, if that was not charged by a check.
    pub cost: u64,
    /// The index of the next instruction that is not part of the proof.
    pub next: usize,
}

/// Proves that the bulk instruction at `index` is charged, given the last check before it.
pub(super) fn prove_charged(
    pattern: &Pattern,
    ops: &[Op<'_>],
    index: usize,
    last: Option<Check>,
) -> Option<Charged> {
    let operand = index.checked_sub(1)?;
    let next = index + 1;
    let by_check = last
        .filter(|check| check.next == operand && pattern.interrupts(check))
        .map(|check| check.amount);
    match ops[index].0 {
        Operator::MemoryGrow { .. } => {
            if pattern.limit.is_some() && !pattern.clamps_at(ops, index.checked_sub(2)?) {
                return None;
            }
            charged_after(pattern, ops, index, UNITS_PER_PAGE_LOG2)
        }
        Operator::TableGrow { .. } => charged_after(pattern, ops, index, UNITS_PER_ELEMENT_LOG2),
        Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } | Operator::MemoryInit { .. } => {
            let cost_of = |bytes: i32| u64::from(bytes.cast_unsigned()) >> BYTES_PER_UNIT_LOG2;
            match (&ops[operand].0, by_check) {
                (Operator::I32Const { value }, _) => Some(Charged {
                    cost: cost_of(*value),
                    next,
                }),
                (
                    Operator::LocalGet { local_index },
                    Some(Amount::ShiftedRight { local, bits }),
                ) if local == *local_index && bits <= BYTES_PER_UNIT_LOG2 => {
                    Some(Charged { cost: 0, next })
                }
                (Operator::LocalGet { local_index }, None) => {
                    let limit = limit_of_operand(ops, operand, *local_index)?;
                    Some(Charged {
                        cost: cost_of(limit),
                        next,
                    })
                }
                _ => None,
            }
        }
        _ => match (&ops[operand].0, by_check) {
            (Operator::LocalGet { local_index }, Some(Amount::ShiftedLeft { local, bits }))
                if local == *local_index && bits >= UNITS_PER_ELEMENT_LOG2 =>
            {
                Some(Charged { cost: 0, next })
            }
            _ => None,
        },
    }
}

/// The limit that the local which is read at `operand` was found not to exceed, right before.
fn limit_of_operand(ops: &[Op<'_>], operand: usize, local: u32) -> Option<i32> {
    let mut cursor = Cursor {
        ops,
        index: operand.checked_sub(6)?,
    };
    (cursor.local_get()? == local).then_some(())?;
    let limit = cursor.i32_const()?;
    cursor.expect(|op| matches!(op, Operator::I32LeU))?;
    cursor.expect(|op| {
        matches!(
            op,
            Operator::If {
                blockty: BlockType::Empty
            }
        )
    })?;
    cursor.local_get()?;
    cursor.local_get()?;
    (cursor.index == operand).then_some(limit)
}

fn charged_after(pattern: &Pattern, ops: &[Op<'_>], index: usize, rate: u32) -> Option<Charged> {
    let mut cursor = Cursor {
        ops,
        index: index.checked_sub(1)?,
    };
    let length = cursor.local_tee().or_else(|| cursor.local_get())?;
    cursor.index = index + 1;
    let result = cursor.local_tee()?;
    (cursor.i32_const()? == -1).then_some(())?;
    cursor.expect(|op| matches!(op, Operator::I32Ne))?;
    cursor.expect(|op| {
        matches!(
            op,
            Operator::If {
                blockty: BlockType::Empty
            }
        )
    })?;
    let check = pattern.check_at(ops, cursor.index)?;
    let charged = matches!(
        check.amount,
        Amount::ShiftedLeft { local, bits }
            if local == length && bits >= rate && pattern.interrupts(&check)
    );
    cursor.index = check.next;
    cursor.expect(|op| matches!(op, Operator::End))?;
    (charged && result != length).then_some(Charged {
        cost: 0,
        next: cursor.index,
    })
}
