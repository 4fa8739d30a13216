//! How deep C code may recurse.
//!
//! CPython raises `RecursionError` before the stack that C keeps in linear memory is used up. The
//! wheel has 16 MiB for it, of which its author protects all but 128 KiB: engines there are whose own
//! stack, which holds return addresses and most variables, is not larger. Ours is 8 MiB
//! (`WASM_STACK_BYTES` of the engine). The kind of recursion that needs most of it, the encoder of
//! results, needs 7.1 bytes for each in memory: on Spin's 512 KiB it traps from 72 KiB on. So of 8 MiB,
//! from 1,152 KiB on; Python gets 1 MiB. Spin's component sets narrower limits (`package/stack.rs`).

use super::edit::Op::{Address, Call, Number, Plain};
use super::edit::{CodeEdit, Op, code};

/// Where the stack in memory starts; it grows down.
const START: u32 = 16 << 20;

/// What Python may use of it, as the wheel has it, and as we do. C code refuses to recurse 16 KiB before
/// the end.
const WHEEL_BYTES: i32 = 128 << 10;
const BYTES: i32 = 1 << 20;

/// `struct _PyCfgExceptStack`: pointers to this many handlers, then their number.
const HANDLERS: i32 = 4 * 23;
/// Brackets nest 200 deep at most, and other blocks 21: with one handler for each, and some room.
const MORE_HANDLERS: i32 = 4 * 255;

const PROTECT: Op = Call("PyUnstable_ThreadState_SetStackProtection");
const NESTED: &str = "nested comprehensions are inlined, each with a handler, and nothing counts them: \
                      the 23rd wrote beyond the end of what had room for 23";

pub(super) const CODE: &[CodeEdit] = &[
    CodeEdit {
        function: "init_interpreter",
        old: &[
            Address(START),
            Number(-WHEEL_BYTES),
            Plain(&[code::I32_ADD]),
            Number(WHEEL_BYTES),
            PROTECT,
        ],
        new: &[
            Address(START),
            Number(-BYTES),
            Plain(&[code::I32_ADD]),
            Number(BYTES),
            PROTECT,
        ],
        times: 1,
        reason: "recursion through C code is as deep as the engine's stack allows",
    },
    CodeEdit {
        function: "label_exception_targets",
        old: &[Number(HANDLERS), Plain(&[code::I32_ADD])],
        new: &[Number(MORE_HANDLERS), Plain(&[code::I32_ADD])],
        times: 5,
        reason: NESTED,
    },
    CodeEdit {
        function: "label_exception_targets",
        old: &[Number(HANDLERS + 4), Call("PyMem_Malloc")],
        new: &[Number(MORE_HANDLERS + 4), Call("PyMem_Malloc")],
        times: 3,
        reason: NESTED,
    },
    CodeEdit {
        function: "label_exception_targets",
        old: &[Number(HANDLERS + 4), Plain(code::MEMORY_COPY)],
        new: &[Number(MORE_HANDLERS + 4), Plain(code::MEMORY_COPY)],
        times: 2,
        reason: NESTED,
    },
];
