//! Proving that bulk instructions are charged by their length.
//!
//! Either the length is a constant, whose cost is part of the path's. Or it comes straight out of
//! a local, and the check right before charges by that local:
//!
//! ```wat
//! ;; a check that charges $n shifted by no less than the instruction's rate
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
//!   ;; a check that charges $n shifted by the rate
//! end
//! ```

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

/// Proves that the bulk instruction at `index` is charged, given the last check before it. Returns
/// the index of the next instruction that is not part of the proof.
pub(super) fn prove_charged(
    pattern: &Pattern,
    ops: &[Op<'_>],
    index: usize,
    last: Option<Check>,
) -> Option<usize> {
    let operand = index.checked_sub(1)?;
    match ops[index].0 {
        Operator::MemoryGrow { .. } => charged_after(pattern, ops, index, UNITS_PER_PAGE_LOG2),
        Operator::TableGrow { .. } => charged_after(pattern, ops, index, UNITS_PER_ELEMENT_LOG2),
        Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } | Operator::MemoryInit { .. } => {
            let local = match ops[operand].0 {
                Operator::I32Const { .. } => return Some(index + 1),
                Operator::LocalGet { local_index } => local_index,
                _ => return None,
            };
            let charged = matches!(
                last?.amount,
                Amount::ShiftedRight { local: charged, bits }
                    if charged == local && bits <= BYTES_PER_UNIT_LOG2
            );
            (charged && last?.next == operand).then_some(index + 1)
        }
        _ => {
            let Operator::LocalGet { local_index: local } = ops[operand].0 else {
                return None;
            };
            let charged = matches!(
                last?.amount,
                Amount::ShiftedLeft { local: charged, bits }
                    if charged == local && bits >= UNITS_PER_ELEMENT_LOG2
            );
            (charged && last?.next == operand).then_some(index + 1)
        }
    }
}

fn charged_after(pattern: &Pattern, ops: &[Op<'_>], index: usize, rate: u32) -> Option<usize> {
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
        Amount::ShiftedLeft { local, bits } if local == length && bits >= rate
    );
    cursor.index = check.next;
    cursor.expect(|op| matches!(op, Operator::End))?;
    (charged && result != length).then_some(cursor.index)
}
