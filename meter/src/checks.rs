//! The instructions of a check.
//!
//! A check takes an amount off the counter and leaves for the slow path if the counter is then
//! below the floor, which is zero unless the host has raised it:
//!
//! ```wat
//! global.get $fuel
//! i64.const 17                ;; the amount
//! i64.sub
//! local.tee $temp
//! global.set $fuel
//! local.get $temp
//! i32.const 0  i64.load $floor  ;; or, if there is no floor: i64.const 0
//! i64.lt_s
//! if
//!   unreachable               ;; or another slow path
//! end
//! ```
//!
//! It takes nothing from the stack, leaves nothing on it, and writes no local but its own, so it
//! can be put between any two instructions. Most of it is one machine instruction each. The floor is
//! compared where it lies, in memory; but in a large function the address of that memory takes a load
//! of its own, as there is no register left to keep it in. In CPython, checks that compare with zero
//! cost about a sixth less.
//!
//! # Why there is a floor
//!
//! Another thread that wants to interrupt a run must not write to the counter. A write that falls
//! between a check's load and its store is lost; and in a tight loop that is not a short moment but
//! all the time, because a processor that has just stored a value gives it to the next load
//! directly, without looking at what another has written to memory meanwhile. An endless loop of
//! three instructions went on for minutes while its counter was overwritten every millisecond. The
//! floor, however, is only read by checks, so a single write to it is seen by the next one.
//!
//! A host that can send the thread to the [stop function](crate::Options::stop) needs the floor only
//! where that may take long.
//!
//! The counter is a global and not next to the floor because a global lies where the module's code
//! has a pointer to anyway. With the counter in memory, checks took twice as long.
//!
//! # Why the counter can't wrap around
//!
//! An amount is between 0 and 2^52: a constant far below that, a length of 32 bits shifted by at
//! most 13, or a number of iterations (at most 2^12) times a price (at most 2^30). A check that
//! passes leaves the counter at zero or above, so a charge finds it below zero only after a check
//! that has failed. But then the run has ended with a trap, or the counter has been set to -1, or a
//! hook has raised it to zero or above. So it never falls below -2^53.

use wasm_encoder::{BlockType, InstructionSink, MemArg};

use crate::host::STOPPED;

/// The slow path, with its tag or function by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlowPathIndex {
    Trap,
    Throw(u32),
    Call(u32),
    /// With the function that asks the hook (see [`functions`](crate::functions)).
    Ask(u32),
}

/// The amount that a check takes off the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// Known beforehand.
    Fixed(u64),
    /// The value of a local of type `i32`, unsigned, times a price.
    Times { local: u32, price: u64 },
    /// The value of a local of type `i32`, unsigned, divided by a power of two.
    ShiftedRight { local: u32, bits: u32 },
    /// The value of a local of type `i32`, unsigned, times a power of two.
    ShiftedLeft { local: u32, bits: u32 },
}

/// Writes checks for one module.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checks {
    /// The counter, by its index among globals.
    pub fuel: u32,
    /// The floor, by its index among memories.
    pub floor: Option<u32>,
    pub slow_path: SlowPathIndex,
}

impl Checks {
    /// Appends a check to `out`. `temp` is a local of type `i64` that nothing else uses.
    pub(crate) fn emit(&self, amount: Amount, temp: u32, out: &mut Vec<u8>) {
        let mut sink = InstructionSink::new(out);
        sink.global_get(self.fuel);
        emit_amount(amount, &mut sink);
        sink.i64_sub()
            .local_tee(temp)
            .global_set(self.fuel)
            .local_get(temp);
        match self.floor {
            Some(memory_index) => sink.i32_const(0).i64_load(MemArg {
                offset: 0,
                align: 3,
                memory_index,
            }),
            None => sink.i64_const(0),
        };
        sink.i64_lt_s().if_(BlockType::Empty);
        match self.slow_path {
            SlowPathIndex::Trap => sink.unreachable(),
            SlowPathIndex::Throw(tag) => self.emit_stop(&mut sink).throw(tag),
            SlowPathIndex::Call(function) => self.emit_stop(&mut sink).call(function).unreachable(),
            SlowPathIndex::Ask(function) => sink.call(function),
        };
        sink.end();
    }

    fn emit_stop<'s, 'b>(&self, sink: &'s mut InstructionSink<'b>) -> &'s mut InstructionSink<'b> {
        sink.i64_const(STOPPED).global_set(self.fuel)
    }
}

fn emit_amount(amount: Amount, sink: &mut InstructionSink<'_>) {
    match amount {
        Amount::Fixed(amount) => sink.i64_const(constant(amount)),
        Amount::Times { local, price } => sink
            .local_get(local)
            .i64_extend_i32_u()
            .i64_const(constant(price))
            .i64_mul(),
        Amount::ShiftedRight { local, bits } => sink
            .local_get(local)
            .i32_const(bits.cast_signed())
            .i32_shr_u()
            .i64_extend_i32_u(),
        Amount::ShiftedLeft { local, bits } => sink
            .local_get(local)
            .i64_extend_i32_u()
            .i64_const(i64::from(bits))
            .i64_shl(),
    };
}

/// Prices are far below this limit: they come from costs that are, at worst, the number of
/// instructions in a function times [`max_unguarded`](crate::CostModel::max_unguarded).
fn constant(amount: u64) -> i64 {
    const MAX: i64 = 1 << 52;
    i64::try_from(amount).map_or(MAX, |amount| amount.min(MAX))
}
