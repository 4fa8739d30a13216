//! Bulk instructions: one instruction, any amount of work.
//!
//! `memory.copy`, `memory.fill` and their kin take a length. They are charged by it before they
//! run; the `grow` instructions are charged after they have succeeded, since asking for more than
//! there is must not cost a fortune.
//!
//! Copying and filling memory also has to be interruptible: a gigabyte takes far longer than a
//! deadline may be missed by. So these two become calls of helper functions, which are added to
//! the module and work in chunks with a check before each. A helper does in the end, for the
//! last or only chunk, exactly what the original instruction would have done with it; and it
//! leaves the whole to that instruction if any part is out of bounds, so that it traps before it
//! has written anything, as the original would. Short lengths, which are by far the most frequent,
//! take a shortcut: they are not charged one by one, but as if they were all of the same length.
//!
//! A length that is a small constant is part of the path's static cost, and the instruction stays
//! as it is.

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};
use wasmparser::Operator;

use crate::{
    checks::{Amount, Checks},
    costs::{BYTES_PER_UNIT_LOG2, MAX_STATIC_BULK, UNITS_PER_ELEMENT_LOG2, UNITS_PER_PAGE_LOG2},
    path_cost::Cost,
};

/// The number of bytes that are copied or filled between two checks: a fraction of a millisecond's
/// work, even when the kernel has to provide every page.
const CHUNK: u32 = 1 << 18;

/// Lengths up to here take the shortcut.
const SHORT: u32 = 256;

/// The cost of replacing an instruction by a helper, on top of the instruction itself: for a short
/// length and for others. The verifier computes what the helper really costs at most, and would
/// complain if it were more.
pub(crate) const HELPER_COST: Cost = Cost {
    shortest: 4,
    longest: 40,
    likely: 8.0,
    chance: 1.0,
};

/// A bulk instruction that needs a charge of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bulk {
    /// Becomes a call of a helper.
    Helper(Helper),
    /// Is charged by its length, on the spot, before it runs.
    Before { charge: Shift },
    /// Is charged by how much it has grown something, on the spot.
    After { charge: Shift },
}

/// By how many bits, and in which direction, a length is shifted to make it an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    Left(u32),
    Right(u32),
}

impl Shift {
    fn amount(self, local: u32) -> Amount {
        match self {
            Self::Left(bits) => Amount::ShiftedLeft { local, bits },
            Self::Right(bits) => Amount::ShiftedRight { local, bits },
        }
    }
}

/// A helper function, by the memories it works on. The order is that of their indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Helper {
    Fill { memory: u32 },
    Copy { to: u32, from: u32 },
}

/// The charge that an instruction needs, given the instruction before it; `None` if it needs none
/// of its own.
pub(crate) fn classify(op: &Operator<'_>, previous: Option<&Operator<'_>>) -> Option<Bulk> {
    let is_static = matches!(
        previous,
        Some(Operator::I32Const { value }) if value.cast_unsigned() <= MAX_STATIC_BULK
    );
    let by_bytes = Shift::Right(BYTES_PER_UNIT_LOG2);
    let by_elements = Shift::Left(UNITS_PER_ELEMENT_LOG2);
    match *op {
        Operator::MemoryFill { .. } | Operator::MemoryCopy { .. } | Operator::MemoryInit { .. }
            if is_static =>
        {
            None
        }
        Operator::MemoryFill { mem } => Some(Bulk::Helper(Helper::Fill { memory: mem })),
        Operator::MemoryCopy { dst_mem, src_mem } => Some(Bulk::Helper(Helper::Copy {
            to: dst_mem,
            from: src_mem,
        })),
        Operator::MemoryInit { .. } => Some(Bulk::Before { charge: by_bytes }),
        Operator::TableFill { .. } | Operator::TableCopy { .. } | Operator::TableInit { .. } => {
            Some(Bulk::Before {
                charge: by_elements,
            })
        }
        Operator::MemoryGrow { .. } => Some(Bulk::After {
            charge: Shift::Left(UNITS_PER_PAGE_LOG2),
        }),
        Operator::TableGrow { .. } => Some(Bulk::After {
            charge: by_elements,
        }),
        _ => None,
    }
}

/// The locals that a charge on the spot needs: two of type `i32`, and one of type `i64`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BulkLocals {
    pub length: u32,
    pub result: u32,
    pub check: u32,
}

/// Appends an instruction, given as its bytes, with a charge before it. Its length is the topmost
/// operand.
pub(crate) fn emit_charged_before(
    instruction: &[u8],
    charge: Shift,
    checks: &Checks,
    locals: BulkLocals,
    out: &mut Vec<u8>,
) {
    InstructionSink::new(out).local_set(locals.length);
    checks.emit(charge.amount(locals.length), locals.check, out);
    InstructionSink::new(out).local_get(locals.length);
    out.extend_from_slice(instruction);
}

/// Appends an instruction that grows something by its topmost operand and yields -1 if it failed,
/// with a charge after it; and before it, if it is to be limited, a call of the function that does so.
pub(crate) fn emit_charged_after(
    instruction: &[u8],
    clamp: Option<u32>,
    charge: Shift,
    checks: &Checks,
    locals: BulkLocals,
    out: &mut Vec<u8>,
) {
    let mut sink = InstructionSink::new(out);
    if let Some(clamp) = clamp {
        sink.call(clamp);
    }
    sink.local_tee(locals.length);
    out.extend_from_slice(instruction);
    let mut sink = InstructionSink::new(out);
    sink.local_tee(locals.result)
        .i32_const(-1)
        .i32_ne()
        .if_(BlockType::Empty);
    checks.emit(charge.amount(locals.length), locals.check, out);
    InstructionSink::new(out).end().local_get(locals.result);
}

/// The parameters of every helper: destination, value or source, and length.
pub(crate) const HELPER_PARAMETERS: [ValType; 3] = [ValType::I32; 3];

const TO: u32 = 0;
const FROM: u32 = 1;
const LENGTH: u32 = 2;
const CHECK: u32 = 3;

impl Helper {
    /// The body of the helper function.
    pub(crate) fn function(self, checks: &Checks) -> Function {
        let mut code = Vec::new();
        let mut sink = InstructionSink::new(&mut code);
        sink.local_get(LENGTH)
            .i32_const(SHORT.cast_signed())
            .i32_le_u()
            .if_(BlockType::Empty);
        sink.local_get(TO).local_get(FROM).local_get(LENGTH);
        self.emit_instruction(&mut sink);
        sink.return_().end();

        sink.block(BlockType::Empty);
        self.emit_leave_unless_worth_chunking(&mut code);
        InstructionSink::new(&mut code).loop_(BlockType::Empty);
        let amount = Amount::Fixed(u64::from(CHUNK) >> BYTES_PER_UNIT_LOG2);
        checks.emit(amount, CHECK, &mut code);
        self.emit_chunk(&mut code);
        let mut sink = InstructionSink::new(&mut code);
        sink.local_get(LENGTH)
            .i32_const(CHUNK.cast_signed())
            .i32_sub()
            .local_tee(LENGTH);
        sink.i32_const(CHUNK.cast_signed())
            .i32_gt_u()
            .br_if(0)
            .end()
            .end();

        sink.local_get(TO).local_get(FROM);
        let amount = Amount::ShiftedRight {
            local: LENGTH,
            bits: BYTES_PER_UNIT_LOG2,
        };
        checks.emit(amount, CHECK, &mut code);
        let mut sink = InstructionSink::new(&mut code);
        sink.local_get(LENGTH);
        self.emit_instruction(&mut sink);
        sink.end();

        let mut function = Function::new([(1, ValType::I64)]);
        function.raw(code);
        function
    }

    /// Leaves the block if the length is that of one chunk, or anything is out of bounds.
    fn emit_leave_unless_worth_chunking(self, code: &mut Vec<u8>) {
        let mut sink = InstructionSink::new(code);
        sink.local_get(LENGTH)
            .i32_const(CHUNK.cast_signed())
            .i32_le_u()
            .br_if(0);
        let mut leave_if_outside = |start: u32, memory: u32| {
            sink.local_get(start)
                .i64_extend_i32_u()
                .local_get(LENGTH)
                .i64_extend_i32_u();
            sink.i64_add()
                .memory_size(memory)
                .i64_extend_i32_u()
                .i64_const(16)
                .i64_shl();
            sink.i64_gt_u().br_if(0);
        };
        match self {
            Self::Fill { memory } => leave_if_outside(TO, memory),
            Self::Copy { to, from } => {
                leave_if_outside(TO, to);
                leave_if_outside(FROM, from);
            }
        }
    }

    /// Does one chunk, the first one or the last one.
    fn emit_chunk(self, code: &mut Vec<u8>) {
        let mut sink = InstructionSink::new(code);
        let advance = |local: u32, sink: &mut InstructionSink<'_>| {
            sink.local_get(local)
                .i32_const(CHUNK.cast_signed())
                .i32_add()
                .local_set(local);
        };
        match self {
            Self::Fill { .. } => {
                sink.local_get(TO)
                    .local_get(FROM)
                    .i32_const(CHUNK.cast_signed());
                self.emit_instruction(&mut sink);
                advance(TO, &mut sink);
            }
            Self::Copy { .. } => {
                // Where the two overlap, what is still to be read must not be overwritten: go up
                // if the destination is below the source, and down otherwise.
                sink.local_get(TO)
                    .local_get(FROM)
                    .i32_le_u()
                    .if_(BlockType::Empty);
                sink.local_get(TO)
                    .local_get(FROM)
                    .i32_const(CHUNK.cast_signed());
                self.emit_instruction(&mut sink);
                advance(TO, &mut sink);
                advance(FROM, &mut sink);
                sink.else_();
                for start in [TO, FROM] {
                    sink.local_get(start).local_get(LENGTH).i32_add();
                    sink.i32_const(CHUNK.cast_signed()).i32_sub();
                }
                sink.i32_const(CHUNK.cast_signed());
                self.emit_instruction(&mut sink);
                sink.end();
            }
        }
    }

    fn emit_instruction(self, sink: &mut InstructionSink<'_>) {
        match self {
            Self::Fill { memory } => sink.memory_fill(memory),
            Self::Copy { to, from } => sink.memory_copy(to, from),
        };
    }
}
