//! The proof for one function.
//!
//! The walk keeps the *debt* at the current instruction: the highest value, over all paths from
//! the function's entry without a back edge, of the work that was executed minus the work that was
//! paid for. A check of an amount pays for that amount times [`CostModel::damping`], which is the
//! most work a unit can stand for. Three things are demanded:
//!
//! * A branch or an exception that leads back to the header of a loop arrives there with no more
//!   debt than there was when the loop was entered. Every way around a loop executes at least its
//!   branch, so none is without a check. (For a [strip](super::strip) of iterations that was
//!   charged beforehand, one iteration must not cost more than was charged for it.)
//! * Nothing but checks touches the counter, and nothing touches whatever else is the meter's own.
//! * Bulk instructions are [charged by their length](super::bulk).
//!
//! The result is the highest debt at which the function calls another, throws, or is left. Because
//! it may throw at any of these, a call adds all of the callee's debt.

use wasmparser::{Catch, Operator};

use crate::{checks::Amount, costs::CostModel, scan::Op};

use super::{
    bulk,
    error::{Result, VerifyError},
    frames::{Debt, Frame, Kind},
    pattern::{Check, Pattern},
    strip::{self, Strip},
};

/// The facts about the rest of the module that the walk needs.
pub(super) struct Context<'m> {
    pub costs: &'m CostModel,
    pub pattern: Pattern,
    /// By function: the debt that a call of it adds.
    pub direct: Vec<i64>,
    /// For every type, the first that has the same signature.
    pub signatures: &'m [u32],
    /// By signature: the debt that a call through a table adds.
    pub indirect: Vec<i64>,
}

/// The result of proving one body.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BodyProof {
    /// The highest debt at a call, a throw, or an exit.
    pub debt: i64,
    /// The highest debt anywhere.
    pub peak: i64,
    pub checks: u64,
    pub loops: u64,
    pub strips: u64,
    pub bulk: u64,
}

/// Proves one body.
pub(super) fn prove(context: &Context<'_>, function: u32, ops: &[Op<'_>]) -> Result<BodyProof> {
    let mut walk = Walk {
        context,
        function,
        ops,
        frames: vec![Frame::new(Kind::Function, Some(0))],
        tries: Vec::new(),
        strip: None,
        last_check: None,
        here: Some(0),
        proof: BodyProof {
            debt: i64::MIN,
            ..BodyProof::default()
        },
    };
    let mut index = 0;
    while index < ops.len() {
        index = walk.step(index)?;
    }
    Ok(walk.proof)
}

struct Walk<'w, 'a> {
    context: &'w Context<'w>,
    function: u32,
    ops: &'w [Op<'a>],
    frames: Vec<Frame>,
    tries: Vec<usize>,
    /// The strip that the walk has come to, or is in.
    strip: Option<Strip>,
    last_check: Option<Check>,
    here: Debt,
    proof: BodyProof,
}

impl Walk<'_, '_> {
    /// Walks over the instruction at `index`, or over more if they belong together, and returns the
    /// index of the next.
    fn step(&mut self, index: usize) -> Result<usize> {
        if let Some(strip) = self.strip
            && index == strip.test
        {
            return self.end_strip(strip);
        }
        if let Operator::Loop { .. } = self.ops[index].0
            && let Some(strip) = strip::strip_in(&self.context.pattern, self.ops, index)
        {
            return Ok(self.begin_strip(index, strip));
        }
        if let Some(check) = self.context.pattern.check_at(self.ops, index) {
            return self.pass_check(check, index);
        }
        let op = &self.ops[index].0;
        if matches!(op, Operator::Throw { .. } | Operator::ThrowRef) {
            self.expect_watchful_check_before(index)?;
        }
        if self.context.pattern.clamps_at(self.ops, index) {
            // The call is a part of the instruction that follows, and of what that costs.
            return Ok(index + 1);
        }
        if self.context.pattern.touches(op) {
            let (function, offset) = (self.function, self.ops[index].1);
            return Err(VerifyError::CounterTouched { function, offset });
        }
        self.work(CostModel::weight(op));
        let mut next = index + 1;
        if let Some(instruction) = bulk::instruction_name(op) {
            let pattern = &self.context.pattern;
            let charged = bulk::prove_charged(pattern, self.ops, index, self.last_check).ok_or(
                VerifyError::UnchargedBulk {
                    function: self.function,
                    offset: self.ops[index].1,
                    instruction,
                },
            )?;
            self.work(charged.cost);
            self.proof.bulk += 1;
            next = charged.next;
        }
        self.control(index)?;
        Ok(next)
    }

    fn control(&mut self, index: usize) -> Result<()> {
        let op = &self.ops[index].0;
        match op {
            Operator::Block { .. } => self.enter(Kind::Block),
            Operator::If { .. } => self.enter(Kind::If(self.here)),
            Operator::Loop { .. } => self.enter_loop(index),
            Operator::TryTable { try_table } => self.enter_try(&try_table.catches),
            Operator::Else => self.switch_to_else(),
            Operator::End => self.leave()?,
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth)?;
                self.here = None;
            }
            Operator::BrIf { relative_depth } => self.branch(*relative_depth)?,
            Operator::BrTable { targets } => {
                for depth in targets.targets().flatten() {
                    self.branch(depth)?;
                }
                self.branch(targets.default())?;
                self.here = None;
            }
            Operator::Return | Operator::Throw { .. } | Operator::ThrowRef => {
                self.end_of_path(self.here);
                self.here = None;
            }
            Operator::Unreachable => self.here = None,
            Operator::Call { function_index } => {
                self.work_of_callee(self.context.direct[*function_index as usize]);
            }
            Operator::CallIndirect { type_index, .. } => {
                let signature = self.context.signatures[*type_index as usize];
                self.work_of_callee(self.context.indirect[signature as usize]);
            }
            _ => {}
        }
        Ok(())
    }

    fn work(&mut self, cost: u64) {
        let cost = i64::try_from(cost).unwrap_or(i64::MAX);
        self.here = self.here.map(|here| here.saturating_add(cost));
        self.note();
    }

    fn work_of_callee(&mut self, debt: i64) {
        self.here = self.here.map(|here| here.saturating_add(debt));
        self.note();
        self.end_of_path(self.here);
    }

    /// Keeps the highest debt, and the highest at which the innermost `try_table` may be left for
    /// its handlers. It passes that on when it ends.
    fn note(&mut self) {
        self.note_debt(self.here);
        self.proof.peak = self.proof.peak.max(self.here.unwrap_or(0));
    }

    fn note_debt(&mut self, debt: Debt) {
        if let Some(&frame) = self.tries.last()
            && let Kind::Try { peak, .. } = &mut self.frames[frame].kind
        {
            *peak = (*peak).max(debt);
        }
    }

    fn end_of_path(&mut self, debt: Debt) {
        if let Some(debt) = debt {
            self.proof.debt = self.proof.debt.max(debt);
        }
    }

    /// A loop that only throws and catches is hardly ever in the module's own code.
    fn expect_watchful_check_before(&self, index: usize) -> Result<()> {
        let pattern = &self.context.pattern;
        if pattern.floor.is_none() {
            return Ok(());
        }
        (self.last_check)
            .filter(|check| check.next == index && pattern.interrupts(check))
            .map(|_| ())
            .ok_or(VerifyError::UncheckedThrow {
                function: self.function,
                offset: self.ops[index].1,
            })
    }

    fn pass_check(&mut self, check: Check, index: usize) -> Result<usize> {
        // A strip's check is passed when its outer loop is entered.
        let paid = match check.amount {
            Amount::Fixed(amount) => amount,
            Amount::ShiftedLeft { .. } | Amount::ShiftedRight { .. } => 0,
            Amount::Times { .. } => {
                let (function, offset) = (self.function, self.ops[index].1);
                return Err(VerifyError::UnboundedStrip { function, offset });
            }
        };
        self.pay(paid);
        self.last_check = Some(check);
        Ok(check.next)
    }

    fn pay(&mut self, amount: u64) {
        let paid = amount.saturating_mul(self.context.costs.damping);
        let paid = i64::try_from(paid).unwrap_or(i64::MAX);
        self.here = self.here.map(|here| here.saturating_sub(paid));
        self.proof.checks += 1;
    }

    fn enter(&mut self, kind: Kind) {
        self.frames.push(Frame::new(kind, self.here));
    }

    fn enter_try(&mut self, catches: &[Catch]) {
        let around = self.frames.len() - 1;
        let handlers = catches
            .iter()
            .map(|catch| match *catch {
                Catch::One { label, .. }
                | Catch::OneRef { label, .. }
                | Catch::All { label }
                | Catch::AllRef { label } => around - label as usize,
            })
            .collect();
        self.tries.push(self.frames.len());
        self.enter(Kind::Try {
            handlers,
            peak: self.here,
        });
    }

    fn switch_to_else(&mut self) {
        let here = self.here;
        if let Some(frame) = self.frames.last_mut() {
            frame.label = frame.label.max(here);
            if let Kind::If(otherwise) = &mut frame.kind {
                self.here = otherwise.take();
            }
        }
        self.note();
    }

    fn leave(&mut self) -> Result<()> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        match frame.kind {
            Kind::Function => self.end_of_path(self.here.max(frame.label)),
            Kind::Block => self.here = self.here.max(frame.label),
            Kind::If(otherwise) => self.here = self.here.max(frame.label).max(otherwise),
            Kind::Loop { .. } => {}
            Kind::Try { handlers, peak } => {
                self.tries.pop();
                for target in handlers {
                    self.arrive(target, peak)?;
                }
                self.note_debt(peak);
                self.here = self.here.max(frame.label);
            }
        }
        self.note();
        Ok(())
    }

    fn branch(&mut self, depth: u32) -> Result<()> {
        self.arrive(self.frames.len() - 1 - depth as usize, self.here)
    }

    /// Control arrives at a frame's label with a debt.
    fn arrive(&mut self, target: usize, debt: Debt) -> Result<()> {
        let frame = &mut self.frames[target];
        if let Kind::Loop { index } = frame.kind {
            let start = frame.start;
            return self.repeat(index, start, debt, 0);
        }
        frame.label = frame.label.max(debt);
        if target == 0 {
            self.end_of_path(debt);
        }
        Ok(())
    }

    /// Control goes back to the header of the loop at `index`, with `paid` paid beforehand.
    fn repeat(&self, index: usize, start: Debt, debt: Debt, paid: u64) -> Result<()> {
        let (Some(start), Some(debt)) = (start, debt) else {
            return Ok(());
        };
        let paid = i64::try_from(paid).unwrap_or(i64::MAX);
        let debt = debt.saturating_sub(start).saturating_sub(paid);
        if debt > 0 {
            let (function, offset) = (self.function, self.ops[index].1);
            return Err(VerifyError::UnpaidLoop {
                function,
                offset,
                debt,
            });
        }
        Ok(())
    }
}

/// Loops.
impl Walk<'_, '_> {
    fn enter_loop(&mut self, index: usize) {
        self.enter(Kind::Loop { index });
        self.proof.loops += 1;
    }

    /// Comes to a loop in strips: enters both loops and pays for the first iteration. The others
    /// are paid for by the same check, each by as much.
    fn begin_strip(&mut self, outer: usize, strip: Strip) -> usize {
        self.enter_loop(outer);
        self.pay(strip.price);
        self.enter_loop(strip.start);
        self.proof.strips += 1;
        self.strip = Some(strip);
        strip.start + 1
    }

    /// Comes to the test that ends an iteration of a strip.
    fn end_strip(&mut self, strip: Strip) -> Result<usize> {
        self.strip = None;
        if let Some(frame) = self.frames.pop() {
            let paid = strip.price.saturating_mul(self.context.costs.damping);
            self.repeat(strip.start, frame.start, self.here, paid)?;
        }
        Ok(strip.end + 1)
    }
}
