//! Running a counted loop in strips.
//!
//! A [counted loop](crate::counted) could be charged for its whole trip before it starts. But then
//! a long trip could not be interrupted, and the number of iterations would have to be right even
//! where the counter wraps around. So the loop is wrapped in another that runs it in *strips*:
//!
//! ```wat
//! loop $strip
//!   ;; $strip_end := 1 + min(how many more iterations are sure, LENGTH - 1)
//!   …
//!   ;; a check that charges $strip_end * PRICE
//!   ;; $strip_end := $i + $strip_end * STEP
//!   loop
//!     …                                             ;; the body, unchanged
//!     local.get $i  local.get $strip_end  i32.ne    ;; instead of the loop's own test
//!     br_if 0
//!   end
//!   local.get $i  local.get $bound  i32.lt_s        ;; the loop's own test
//!   br_if 0
//! end
//! ```
//!
//! A strip runs for exactly the number of iterations that were charged: after `n` of them `$i` has
//! grown by `n * STEP`, in arithmetic modulo 2^32, and no earlier does it equal `$strip_end`. This
//! holds whatever the estimate was, so the bound on what runs uncharged rests on the five
//! instructions above and not on the reasoning below. An endless loop is an endless sequence of
//! strips, each of which is charged.
//!
//! What the estimate must be right about is that the original would not have ended earlier. Let `d`
//! be the distance from `$i` to `$bound` in the direction of the step, and `s` the step's size:
//!
//! * `<` and `>`: if the bound lies ahead, the tests after the first `(d - 1) / s` iterations all
//!   hold, without wrapping around, as `$i` stays before the bound. If it does not, the loop is
//!   sure of one iteration, as it tests at its end.
//! * `<=` and `>=`: the same with `d / s`.
//! * `!=`: no test before that of iteration number `d / s` can fail, so `d / s - 1` more are sure.
//!   If `d < s` the subtraction wraps around to a large number; this is right as well, because `$i`
//!   can't hit the bound before it has gone around 2^32 once, which takes at least 2^16 steps.

use wasm_encoder::{BlockType, InstructionSink};

use crate::{
    checks::{Amount, Checks},
    costs::CostModel,
    counted::{Bound, Counted, Test},
    path_cost::Cost,
};

/// No strip has more iterations than this, so that a strip's reach stays below 2^32 / 16.
const MAX_LENGTH: u64 = 1 << 12;

/// A counted loop that is to be run in strips.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strips {
    pub control: Counted,
    /// The price of an iteration.
    price: u64,
    /// The number of iterations in a full strip.
    length: u64,
}

/// The locals that a loop in strips needs: one of type `i32` for the strip's end, one of type `i64`
/// for the check.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StripLocals {
    pub end: u32,
    pub check: u32,
}

impl Strips {
    /// Plans strips for a loop whose iterations cost `cost`.
    pub(crate) fn new(control: Counted, cost: Cost, costs: &CostModel) -> Self {
        let price = costs.price_of_iteration(cost);
        Self {
            control,
            price,
            length: (costs.strip / price).clamp(1, MAX_LENGTH),
        }
    }

    /// Appends what goes before the original `loop` instruction.
    pub(crate) fn emit_start(&self, checks: &Checks, locals: StripLocals, out: &mut Vec<u8>) {
        let mut sink = InstructionSink::new(out);
        sink.loop_(BlockType::Empty);
        self.emit_estimate(&mut sink);

        let most = i32::try_from(self.length - 1).unwrap_or(0);
        sink.local_tee(locals.end)
            .i32_const(most)
            .local_get(locals.end)
            .i32_const(most);
        sink.i32_lt_u()
            .select()
            .i32_const(1)
            .i32_add()
            .local_set(locals.end);

        let amount = Amount::Times {
            local: locals.end,
            price: self.price,
        };
        checks.emit(amount, locals.check, out);

        let mut sink = InstructionSink::new(out);
        sink.local_get(self.control.counter).local_get(locals.end);
        sink.i32_const(self.control.step)
            .i32_mul()
            .i32_add()
            .local_set(locals.end);
    }

    /// Appends what takes the place of the instructions from the loop's latch to its `end`.
    pub(crate) fn emit_end(&self, locals: StripLocals, out: &mut Vec<u8>) {
        let mut sink = InstructionSink::new(out);
        for _ in 0..self.control.operands {
            sink.drop();
        }
        sink.local_get(self.control.counter)
            .local_get(locals.end)
            .i32_ne();
        sink.br_if(0).end();
        self.emit_test(&mut sink);
        sink.br_if(0).end();
    }

    /// Leaves on the stack whether the loop goes on.
    fn emit_test(&self, sink: &mut InstructionSink<'_>) {
        let Counted {
            counter,
            bound,
            test,
            ..
        } = self.control;
        sink.local_get(counter);
        if (test, bound) == (Test::Differs, Bound::Constant(0)) {
            return;
        }
        self.emit_bound(sink);
        match test {
            Test::Differs => sink.i32_ne(),
            Test::Below {
                signed: true,
                or_equal: false,
            } => sink.i32_lt_s(),
            Test::Below {
                signed: false,
                or_equal: false,
            } => sink.i32_lt_u(),
            Test::Below {
                signed: true,
                or_equal: true,
            } => sink.i32_le_s(),
            Test::Below {
                signed: false,
                or_equal: true,
            } => sink.i32_le_u(),
            Test::Above {
                signed: true,
                or_equal: false,
            } => sink.i32_gt_s(),
            Test::Above {
                signed: false,
                or_equal: false,
            } => sink.i32_gt_u(),
            Test::Above {
                signed: true,
                or_equal: true,
            } => sink.i32_ge_s(),
            Test::Above {
                signed: false,
                or_equal: true,
            } => sink.i32_ge_u(),
        };
    }

    /// Leaves on the stack how many iterations are sure after the next.
    fn emit_estimate(&self, sink: &mut InstructionSink<'_>) {
        let Counted {
            counter,
            step,
            test,
            ..
        } = self.control;
        if step > 0 {
            self.emit_bound(sink);
            sink.local_get(counter).i32_sub();
        } else {
            sink.local_get(counter);
            self.emit_bound(sink);
            sink.i32_sub();
        }
        match test {
            Test::Differs => {
                emit_quotient(step.unsigned_abs(), sink);
                sink.i32_const(1).i32_sub();
            }
            Test::Below { signed, or_equal } | Test::Above { signed, or_equal } => {
                if !or_equal {
                    sink.i32_const(1).i32_sub();
                }
                emit_quotient(step.unsigned_abs(), sink);
                sink.i32_const(0).local_get(counter);
                self.emit_bound(sink);
                // Does the bound lie ahead?
                match (step > 0, signed, or_equal) {
                    (true, true, false) => sink.i32_lt_s(),
                    (true, false, false) => sink.i32_lt_u(),
                    (true, true, true) => sink.i32_le_s(),
                    (true, false, true) => sink.i32_le_u(),
                    (false, true, false) => sink.i32_gt_s(),
                    (false, false, false) => sink.i32_gt_u(),
                    (false, true, true) => sink.i32_ge_s(),
                    (false, false, true) => sink.i32_ge_u(),
                };
                sink.select();
            }
        }
    }

    fn emit_bound(&self, sink: &mut InstructionSink<'_>) {
        match self.control.bound {
            Bound::Local(local) => sink.local_get(local),
            Bound::Constant(value) => sink.i32_const(value),
        };
    }
}

/// Divides what is on the stack by a step's size.
fn emit_quotient(step: u32, sink: &mut InstructionSink<'_>) {
    if step.is_power_of_two() {
        if step > 1 {
            sink.i32_const(step.trailing_zeros().cast_signed())
                .i32_shr_u();
        }
    } else {
        sink.i32_const(step.cast_signed()).i32_div_u();
    }
}
