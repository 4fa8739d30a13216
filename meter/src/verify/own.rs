//! The functions of the meter's own that checks and `memory.grow` rely on, recognised by every one of
//! their instructions: the one that asks a hook, and the one that limits what memory grows by. (What
//! they do is shown in [`functions`](crate::functions).)
//!
//! They are called only where they belong, which the [walk](super::body) sees to; they are neither
//! exported nor held by a table.

use wasmparser::{BlockType, FuncType, Operator, ValType};

use crate::{
    error::MeterError,
    module::{Module, index},
    parallel,
    scan::{self, Op},
};

/// More instructions than either has.
const MOST: usize = 24;

/// Finds the function that asks the hook in a table, and lets nobody pass with the counter below zero.
pub(super) fn find_ask(
    module: &Module<'_>,
    fuel: u32,
    hook: u32,
) -> Result<Option<u32>, MeterError> {
    let takes_nothing = |ty: &FuncType| ty.params().is_empty() && ty.results().is_empty();
    find(module, takes_nothing, |ops| {
        let [
            (Operator::I32Const { value: 0 }, _),
            (
                Operator::CallIndirect {
                    type_index,
                    table_index,
                },
                _,
            ),
            (Operator::GlobalGet { global_index }, _),
            (Operator::I64Const { value: 0 }, _),
            (Operator::I64LtS, _),
            (
                Operator::If {
                    blockty: BlockType::Empty,
                },
                _,
            ),
            (Operator::Unreachable, _),
            (Operator::End, _),
            (Operator::End, _),
        ] = ops
        else {
            return false;
        };
        let ty = module.types.get(*type_index as usize);
        *table_index == hook && *global_index == fuel && ty.is_some_and(takes_nothing)
    })
}

/// Finds the function that returns what it is given, or -1 if the memory would then have more than
/// `pages` says, which it notes in `refused`.
pub(super) fn find_clamp(
    module: &Module<'_>,
    pages: u32,
    refused: u32,
) -> Result<Option<u32>, MeterError> {
    let one = [ValType::I32];
    let takes_one = |ty: &FuncType| ty.params() == one && ty.results() == one;
    find(module, takes_one, |ops| {
        let [
            (Operator::MemorySize { mem: 0 }, _),
            (Operator::I64ExtendI32U, _),
            (Operator::LocalGet { local_index: 0 }, _),
            (Operator::I64ExtendI32U, _),
            (Operator::I64Add, _),
            (Operator::GlobalGet { global_index: from }, _),
            (Operator::I64ExtendI32U, _),
            (Operator::I64LeU, _),
            (
                Operator::If {
                    blockty: BlockType::Empty,
                },
                _,
            ),
            (Operator::LocalGet { local_index: 0 }, _),
            (Operator::Return, _),
            (Operator::End, _),
            (Operator::I32Const { value: 1 }, _),
            (Operator::GlobalSet { global_index: to }, _),
            (Operator::I32Const { value: -1 }, _),
            (Operator::End, _),
        ] = ops
        else {
            return false;
        };
        (*from, *to) == (pages, refused)
    })
}

/// The first function of a type whose body is what is looked for.
fn find(
    module: &Module<'_>,
    has_type: impl Fn(&FuncType) -> bool + Sync,
    is_it: impl Fn(&[Op<'_>]) -> bool + Sync,
) -> Result<Option<u32>, MeterError> {
    let first = module.first_defined_function();
    let found = parallel::map(module.bodies.len(), Vec::new, |ops, position| {
        if !has_type(module.signature(first + index(position))) {
            return Ok(false);
        }
        scan::decode_start(module, position, MOST, ops)?;
        Ok::<_, MeterError>(is_it(ops))
    })?;
    let position = found.into_iter().position(|is_it| is_it);
    Ok(position.map(|position| first + index(position)))
}
