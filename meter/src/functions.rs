//! The functions that the pass adds to a module besides the [helpers](crate::bulk).
//!
//! *Stop* only traps: whoever handles signals sends a run there.
//!
//! *Ask* is what a check calls that asks a hook. It traps unless the counter is zero or above when the
//! hook returns, so that a check is never passed with less, whatever the hook does:
//!
//! ```wat
//! i32.const 0  call_indirect $hook
//! global.get $fuel  i64.const 0  i64.lt_s
//! if  unreachable  end
//! ```
//!
//! *Clamp* takes what memory is to grow by and returns that, or, over the limit, what no memory can grow
//! by. Its work is a constant, and part of what `memory.grow` costs:
//!
//! ```wat
//! memory.size  i64.extend_i32_u  local.get $delta  i64.extend_i32_u  i64.add
//! global.get $pages  i64.extend_i32_u  i64.le_u
//! if  local.get $delta  return  end
//! i32.const 1  global.set $refused
//! i32.const -1
//! ```

use wasm_encoder::{BlockType, Function, ValType};

/// The parameter of *clamp*, and its result.
pub(crate) const CLAMP: [ValType; 1] = [ValType::I32];

/// The function that only traps.
pub(crate) fn stop() -> Function {
    let mut function = Function::new([]);
    function.instructions().unreachable().end();
    function
}

/// The function that asks a hook, given the counter, the hook's table, and the hook's type.
pub(crate) fn ask(fuel: u32, hook: u32, nothing: u32) -> Function {
    let mut function = Function::new([]);
    let mut sink = function.instructions();
    sink.i32_const(0).call_indirect(hook, nothing);
    sink.global_get(fuel).i64_const(0).i64_lt_s();
    sink.if_(BlockType::Empty).unreachable().end().end();
    function
}

/// The function that limits what memory grows by, given the globals for the limit and for refusals.
pub(crate) fn clamp(pages: u32, refused: u32) -> Function {
    let mut function = Function::new([]);
    let mut sink = function.instructions();
    sink.memory_size(0).i64_extend_i32_u();
    sink.local_get(0).i64_extend_i32_u().i64_add();
    sink.global_get(pages).i64_extend_i32_u().i64_le_u();
    sink.if_(BlockType::Empty).local_get(0).return_().end();
    sink.i32_const(1).global_set(refused);
    sink.i32_const(-1).end();
    function
}
