//! The depth to which C code may recurse.
//!
//! CPython raises `RecursionError` before the stack that C keeps in linear memory is used up. The
//! wheel has 16 MiB for it, of which its author protects all but 128 KiB: engines there are whose own
//! stack, which holds return addresses and most variables, is not larger. Ours is 8 MiB
//! (`WASM_STACK_BYTES` of the engine). The kind of recursion that needs most of it, the encoder of
//! results, needs 7.1 bytes for each in memory: on Spin's 512 KiB it traps from 72 KiB on. So of 8 MiB,
//! from 1,152 KiB on; Python gets 1 MiB. Spin's component sets narrower limits (`package/stack.rs`).

use super::edit::Op::{Address, Call, Get, Number, Plain};
use super::edit::{CodeEdit, Op, code};
use super::placement::DATA;

/// The start of the stack in memory; it grows down.
const START: u32 = 16 << 20;

/// The part of it that Python may use, as the wheel has it, and as we do. C code refuses to recurse 16
/// KiB before the end.
const WHEEL_BYTES: i32 = 128 << 10;
const BYTES: i32 = 1 << 20;

/// `struct _PyCfgExceptStack`: pointers to this many handlers, then their number.
const HANDLERS: i32 = 4 * 23;
/// Brackets nest 200 deep at most, and other blocks 21: with one handler for each, and some room.
const MORE_HANDLERS: i32 = 4 * 255;

/// The bytes that the JSON decoder keeps in memory for a nested array or object. It needs 300 bytes of
/// the engine's stack for one, and 8 MiB would end before 1 MiB: so it takes more, and stops at 16,000
/// levels.
const JSON_FRAME: i32 = 16;
const LARGER_JSON_FRAME: i32 = 64;

/// `local.tee` of the variable that has the frame's address, and `global.set` of the stack pointer.
const TEE_FRAME: Op = Plain(&[0x22, 5]);
const SET_STACK_POINTER: Op = Plain(&[0x24, 0x80, 0x80, 0x80, 0x80, 0]);

const PROTECT: Op = Call("PyUnstable_ThreadState_SetStackProtection");
const NESTED: &str = "nested comprehensions are inlined, each with a handler, and nothing counts them: \
                      the 23rd wrote beyond the end of what had room for 23";

const NOT_UNUSED: &str =
    "of the room for the stack, some is for the data of native code, and is not cleared";

/// The frame of a function of the JSON decoder, where it is taken and where it is given back.
macro_rules! larger_frame {
    ($function:literal, $operation:expr, $then:expr) => {
        CodeEdit {
            function: $function,
            old: &[Number(JSON_FRAME), Plain(&[$operation]), $then],
            new: &[Number(LARGER_JSON_FRAME), Plain(&[$operation]), $then],
            times: 1,
            reason: "nested JSON is a `RecursionError` before the engine's stack is used up",
        }
    };
}

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
        function: "clear_unused_stack",
        old: &[Get(0), Address(0), Plain(&[code::I32_SUB])],
        new: &[Get(0), Address(DATA.end), Plain(&[code::I32_SUB])],
        times: 1,
        reason: NOT_UNUSED,
    },
    CodeEdit {
        function: "clear_unused_stack",
        old: &[Address(0), Number(0), Get(0), Plain(code::MEMORY_FILL)],
        new: &[
            Address(DATA.end),
            Number(0),
            Get(0),
            Plain(code::MEMORY_FILL),
        ],
        times: 1,
        reason: NOT_UNUSED,
    },
    larger_frame!("_parse_array_unicode", code::I32_SUB, TEE_FRAME),
    larger_frame!("_parse_array_unicode", code::I32_ADD, SET_STACK_POINTER),
    larger_frame!("_parse_object_unicode", code::I32_SUB, TEE_FRAME),
    larger_frame!("_parse_object_unicode", code::I32_ADD, SET_STACK_POINTER),
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
