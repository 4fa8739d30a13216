//! The cost model, and the unit of fuel.
//!
//! **One unit of fuel is one WebAssembly instruction that does something**: computes, loads,
//! stores, compares, branches or selects. Instructions that only name or move a value (locals,
//! constants, `drop`) and the brackets of structured control (`block`, `loop`, `end`) are free,
//! because they leave little or nothing behind in machine code. Instructions that take far longer
//! than an addition cost more; the table is [`CostModel::weight`]. Moving or filling memory costs
//! one unit per eight bytes.
//!
//! What is charged differs from what is executed in three ways, all of which are fixed properties
//! of the module, so that the same run always costs the same:
//!
//! * A stretch of code without a loop in it is charged in one piece, whichever path is taken
//!   through it: for the mean of its paths, if each conditional branch is taken half of the time and
//!   each target of a `br_table` as often as the others. An interpreter's main loop has a charge for each
//!   way around, so it is the paths of one instruction that are averaged there, not those of all.
//!   Straight code costs exactly what it executes.
//! * A call through a table is charged for the mean of the functions of the signature.
//! * An iteration of a counted loop is charged for [half](CostModel::price_of_iteration) of what it
//!   executes.
//!
//! Rare paths that are far longer than the mean are underpaid, but there is a bound on how much work a
//! unit can pay for: `damping * price >= longest path`, always. The [verifier](mod@crate::verify) proves
//! its theorem with that factor.
//!
//! The weights were calibrated by `cargo xtask bench fuel`: units for a second, for loops of one kind of
//! work each and for whole kernels.

use crate::path_cost::Cost;
use wasmparser::Operator;

/// The version of the default cost model. It changes whenever the same run of the same module
/// would be charged differently, that is with the weights, with the default parameters below, and
/// with the rules of placement.
pub const COST_MODEL_VERSION: u32 = 3;

/// The number of bytes that a bulk memory instruction moves for one unit, as a power of two.
pub(crate) const BYTES_PER_UNIT_LOG2: u32 = 3;
/// The cost of one element moved between or within tables, as a power of two: an element may have
/// to be initialised first.
pub(crate) const UNITS_PER_ELEMENT_LOG2: u32 = 2;
/// The cost of a fresh page of memory, as a power of two: as much as filling its 64 KiB, which is
/// what the kernel does when the page is first touched.
pub(crate) const UNITS_PER_PAGE_LOG2: u32 = 16 - BYTES_PER_UNIT_LOG2;
/// A bulk instruction whose length is a constant of at most this many bytes is part of the path's
/// static cost. Longer ones, and those of unknown length, are charged when they run.
pub(crate) const MAX_STATIC_BULK: u32 = 4096;

/// The parameters of the cost model. The defaults are what [`COST_MODEL_VERSION`] stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostModel {
    /// The price of a stretch of code is at least one part in this many of its longest path (see
    /// [`Self::price`]).
    pub damping: u64,
    /// The longest path that is charged in one piece. Where a path grows longer, a further check
    /// charges what has come together. This bounds both the time until an interrupt is seen and
    /// how far a rare path can raise the price of the common one.
    pub max_region: u64,
    /// A function that costs at most this is charged by its callers. One that costs more has a
    /// check at its entry.
    pub max_unguarded: u64,
    /// The same for a function that is called through a table, where the caller has to assume the
    /// most expensive function of that signature.
    pub max_unguarded_indirect: u64,
    /// A counted loop (see [`Summary::counted_loops`](crate::Summary::counted_loops)) is charged
    /// in pieces of about this much.
    pub strip: u64,
}

impl Default for CostModel {
    fn default() -> Self {
        Self {
            damping: 256,
            max_region: 100_000,
            max_unguarded: 2000,
            max_unguarded_indirect: 100,
            strip: 16_384,
        }
    }
}

impl CostModel {
    /// The price of code whose paths cost `likely` in the mean, and at least `shortest` and at most
    /// `longest`. At least one unit, so that no cycle is free.
    pub fn price(&self, likely: f64, shortest: u64, longest: u64) -> u64 {
        // A float that is out of bounds is the nearest number that is not.
        (likely.round() as u64)
            .clamp(shortest.min(longest), longest)
            .max(longest.div_ceil(self.damping))
            .max(1)
    }

    /// The price of an iteration of a counted loop: half of what it executes. Such a loop calls
    /// nothing, and its branches are foreseen, so a processor executes more of it at the same time:
    /// measured, between two and three times as much as of other code.
    pub(crate) fn price_of_iteration(&self, cost: Cost) -> u64 {
        self.price(cost.likely, cost.shortest, cost.longest)
            .div_ceil(2)
            .max(cost.longest.div_ceil(self.damping))
    }

    /// The cost of executing one instruction, apart from what a bulk instruction pays for its
    /// length and a call for its callee.
    pub fn weight(op: &Operator<'_>) -> u64 {
        use Operator::*;
        match op {
            Nop
            | Block { .. }
            | Loop { .. }
            | TryTable { .. }
            | Else
            | End
            | Unreachable
            | Drop
            | LocalGet { .. }
            | LocalSet { .. }
            | LocalTee { .. }
            | I32Const { .. }
            | I64Const { .. }
            | F32Const { .. }
            | F64Const { .. }
            | V128Const { .. } => 0,
            // A frame, and the registers that are saved around it.
            Call { .. } | BrTable { .. } => 4,
            // The same, the check of the signature, and a jump that is hard to foresee.
            CallIndirect { .. } => 12,
            I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU
            | F32Div | F64Div | F32Sqrt | F64Sqrt | F32x4Div | F64x2Div | F32x4Sqrt | F64x2Sqrt => {
                5
            }
            MemoryCopy { .. }
            | MemoryFill { .. }
            | MemoryInit { .. }
            | TableCopy { .. }
            | TableFill { .. }
            // The engine is called.
            | TableInit { .. } => 40,
            MemoryGrow { .. } | TableGrow { .. } => 100,
            // Unwinding starts with a walk over the stack.
            Throw { .. } | ThrowRef => Self::THROW,
            _ => 1,
        }
    }

    /// [`Self::weight`] of the instruction at `index`, with what a bulk instruction of constant
    /// length moves. `op_at` gives the instruction at an index.
    pub(crate) fn weight_in_place<'a, 'b: 'a>(
        index: usize,
        op_at: impl Fn(usize) -> &'a Operator<'b>,
    ) -> u64 {
        let op = op_at(index);
        let weight = Self::weight(op);
        match op {
            Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::MemoryInit { .. }
                if index > 0 =>
            {
                match op_at(index - 1) {
                    Operator::I32Const { value } => {
                        weight + (u64::from(value.cast_unsigned()) >> BYTES_PER_UNIT_LOG2)
                    }
                    _ => weight,
                }
            }
            _ => weight,
        }
    }

    const THROW: u64 = 200;

    /// The charge right before an instruction, if it throws. It is not part of the path's cost:
    /// looking for a handler is work for the engine, and a loop that does little but throw and catch
    /// has to be stopped there, because its own code is hardly ever what runs.
    pub(crate) fn price_of_throw(op: &Operator<'_>) -> Option<u64> {
        matches!(op, Operator::Throw { .. } | Operator::ThrowRef).then_some(Self::THROW)
    }

    /// The cost that a call of an imported function adds to the caller's path. The host's own work
    /// is not metered.
    pub(crate) const IMPORTED_CALL: u64 = 20;

    /// Says what is wrong with the parameters, if anything is.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.damping == 0 || self.damping > 1 << 10 {
            return Err("`damping` must be between 1 and 1024");
        }
        if self.max_region < 2 * MAX_COUNTED_COST || self.max_region > 1 << 30 {
            return Err("`max_region` must be between 128 and 2^30");
        }
        if self.max_unguarded > 1 << 30 || self.max_unguarded_indirect > 1 << 30 {
            return Err("functions without a check of their own must cost at most 2^30");
        }
        if self.strip < 2 || self.strip > 1 << 30 {
            return Err("`strip` must be between 2 and 2^30");
        }
        Ok(())
    }
}

/// The longest body of a loop that is treated as a counted one. A longer body hides a check per
/// iteration anyway.
pub(crate) const MAX_COUNTED_COST: u64 = 64;

#[cfg(test)]
mod tests {
    use super::CostModel;

    #[test]
    fn a_unit_never_pays_for_more_than_the_damping_factor() {
        let model = CostModel::default();
        for longest in (0..100_000).chain([1 << 30, u64::MAX]) {
            for (shortest, likely) in [
                (0, 0.0),
                (longest / 2, longest as f64 / 1.5),
                (longest, longest as f64),
                (0, f64::INFINITY),
            ] {
                let price = model.price(likely, shortest, longest);
                assert!(price >= 1 && price.saturating_mul(model.damping) >= longest);
                assert!(
                    price <= longest.max(1),
                    "nothing costs more than its longest path"
                );
            }
        }
    }

    #[test]
    fn straight_code_costs_what_it_executes() {
        for cost in [1, 64, 1000, 12_345] {
            assert_eq!(CostModel::default().price(cost as f64, cost, cost), cost);
        }
    }

    #[test]
    fn the_default_parameters_fit_together() {
        assert_eq!(CostModel::default().check(), Ok(()));
    }
}
