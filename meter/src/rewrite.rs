//! Splicing checks into function bodies.
//!
//! A body is copied as it is, byte for byte, except where something is to be inserted or replaced.
//! Nothing is renumbered: functions, types, globals, memories and locals that are added come after
//! those that are there, and inserted blocks are closed again before the next original
//! instruction. (The blocks around a [loop in strips](crate::strips) do enclose original
//! instructions, but none that branch out of the loop.)

use std::collections::BTreeSet;

use wasm_encoder::{BlockType, Encode, InstructionSink, ValType};
use wasmparser::Operator;

use crate::{
    bulk::{self, Bulk, BulkLocals, Helper},
    checks::{Amount, Checks},
    costs::CostModel,
    error::{MeterError, Result},
    module::{Module, index},
    placement::{Edit, Plan},
    scan::Op,
    strips::StripLocals,
    summary::Placed,
};

/// The most locals an engine has to accept.
const MAX_LOCALS: u64 = 50_000;

/// The parts of the rewriting that are the same for every function of a module.
pub(crate) struct Rewriter<'m, 'a> {
    pub module: &'m Module<'a>,
    pub checks: Checks,
    /// The checks at bulk instructions and at those that throw.
    pub watchful: Checks,
    /// The helper functions the module needs, in the order of their indices.
    pub helpers: &'m BTreeSet<Helper>,
    /// The function that limits what memory grows by, if there is one.
    pub clamp: Option<u32>,
}

/// A function after the pass.
#[derive(Debug)]
pub(crate) struct Rewritten {
    /// The new body, or `None` if it has not changed.
    pub body: Option<Vec<u8>>,
    pub placed: Placed,
}

impl Rewriter<'_, '_> {
    /// Applies a plan to one body.
    pub(crate) fn rewrite(&self, position: usize, ops: &[Op<'_>], plan: Plan) -> Result<Rewritten> {
        let body = &self.module.bodies[position];
        let function = self.module.first_defined_function() + index(position);
        let mut locals = Locals::of(self.module, position)?;
        let mut splice = Splice {
            bytes: self.module.bytes,
            copied: ops.first().map_or(body.range().end, |&(_, start)| start),
            end: body.range().end,
            out: Vec::new(),
        };

        let mut placed = plan.placed;
        if let Some(price) = plan.guard {
            self.checks
                .emit(Amount::Fixed(price), locals.check(), &mut splice.out);
        }
        let mut edits = plan.edits.into_iter().peekable();
        let mut next = 0;
        while next < ops.len() {
            let current = next;
            next += 1;
            while let Some((_, _, edit)) = edits.next_if(|&(index, _, _)| index == current) {
                next = next.max(self.apply(edit, ops, current, &mut locals, &mut splice));
            }
            if next > current + 1 {
                continue;
            }
            let previous = current.checked_sub(1).map(|previous| &ops[previous].0);
            if let Some(bulk) = bulk::classify(&ops[current].0, previous) {
                self.charge_bulk(bulk, ops, current, &mut locals, &mut splice);
                placed.bulk += 1;
            }
            if let Some(price) = CostModel::price_of_throw(&ops[current].0) {
                splice.copy_until(start_of(ops, current));
                let amount = Amount::Fixed(price);
                self.watchful.emit(amount, locals.check(), &mut splice.out);
                placed.throws += 1;
            }
        }
        if splice.out.is_empty() {
            return Ok(Rewritten { body: None, placed });
        }
        let code = splice.finish();
        Ok(Rewritten {
            body: Some(locals.declare(self.module, position, function, &code)?),
            placed,
        })
    }

    /// Applies an edit at the instruction `at`, and returns the next instruction that is still to
    /// be copied, which is `at` if nothing was replaced.
    fn apply(
        &self,
        edit: Edit,
        ops: &[Op<'_>],
        at: usize,
        locals: &mut Locals,
        splice: &mut Splice<'_>,
    ) -> usize {
        splice.copy_until(start_of(ops, at));
        match edit {
            Edit::Check { price } => {
                self.checks
                    .emit(Amount::Fixed(price), locals.check(), &mut splice.out);
                at
            }
            Edit::CheckIfTaken { price, depth } => {
                InstructionSink::new(&mut splice.out).if_(BlockType::Empty);
                self.checks
                    .emit(Amount::Fixed(price), locals.check(), &mut splice.out);
                // One deeper than before, because of the `if`.
                InstructionSink::new(&mut splice.out).br(depth + 1).end();
                splice.skip_until(start_of(ops, at + 1));
                at
            }
            Edit::StartStrips(strips) => {
                strips.emit_start(&self.checks, locals.strips(), &mut splice.out);
                at
            }
            Edit::EndStrips { strips, last } => {
                strips.emit_end(locals.strips(), &mut splice.out);
                splice.skip_until(start_of(ops, last + 1));
                last + 1
            }
        }
    }

    fn charge_bulk(
        &self,
        bulk: Bulk,
        ops: &[Op<'_>],
        at: usize,
        locals: &mut Locals,
        splice: &mut Splice<'_>,
    ) {
        splice.copy_until(start_of(ops, at));
        let instruction = splice.skip_until(start_of(ops, at + 1));
        let out = &mut splice.out;
        match bulk {
            Bulk::Helper(helper) => {
                let number = self.helpers.range(..helper).count();
                let function = index(self.module.functions.len() + number);
                InstructionSink::new(out).call(function);
            }
            Bulk::Before { charge } => {
                bulk::emit_charged_before(instruction, charge, &self.watchful, locals.bulk(), out);
            }
            Bulk::After { charge } => {
                let clamp = match ops[at].0 {
                    Operator::MemoryGrow { .. } => self.clamp,
                    _ => None,
                };
                bulk::emit_charged_after(
                    instruction,
                    clamp,
                    charge,
                    &self.watchful,
                    locals.bulk(),
                    out,
                );
            }
        }
    }
}

/// The offset of an instruction, or the body's end if there is none of that index.
fn start_of(ops: &[Op<'_>], index: usize) -> usize {
    ops.get(index).map_or(usize::MAX, |&(_, start)| start)
}

/// A body in the making.
struct Splice<'a> {
    bytes: &'a [u8],
    /// Everything before this offset has been copied or replaced.
    copied: usize,
    end: usize,
    out: Vec<u8>,
}

impl<'a> Splice<'a> {
    /// Leaves out what comes before an offset, and returns it.
    fn skip_until(&mut self, offset: usize) -> &'a [u8] {
        let offset = offset.min(self.end);
        let skipped = self.bytes.get(self.copied..offset).unwrap_or_default();
        self.copied = self.copied.max(offset);
        skipped
    }

    fn copy_until(&mut self, offset: usize) {
        let copied = self.skip_until(offset);
        self.out.extend_from_slice(copied);
    }

    fn finish(mut self) -> Vec<u8> {
        self.copy_until(self.end);
        self.out
    }
}

/// The locals that are added to a function, when they are first needed.
struct Locals {
    /// The number of locals that there were before.
    before: u64,
    added: Vec<ValType>,
    check: Option<u32>,
    strip_end: Option<u32>,
    length: Option<u32>,
    result: Option<u32>,
}

impl Locals {
    fn of(module: &Module<'_>, position: usize) -> Result<Self> {
        let function = module.first_defined_function() + index(position);
        let mut before = module.signature(function).params().len() as u64;
        let mut declarations = module.bodies[position].get_locals_reader()?;
        for _ in 0..declarations.get_count() {
            before += u64::from(declarations.read()?.0);
        }
        Ok(Self {
            before,
            added: Vec::new(),
            check: None,
            strip_end: None,
            length: None,
            result: None,
        })
    }

    fn add(slot: &mut Option<u32>, ty: ValType, before: u64, added: &mut Vec<ValType>) -> u32 {
        *slot.get_or_insert_with(|| {
            added.push(ty);
            u32::try_from(before + added.len() as u64 - 1).unwrap_or(u32::MAX)
        })
    }

    fn check(&mut self) -> u32 {
        Self::add(&mut self.check, ValType::I64, self.before, &mut self.added)
    }

    fn strips(&mut self) -> StripLocals {
        StripLocals {
            check: self.check(),
            end: Self::add(
                &mut self.strip_end,
                ValType::I32,
                self.before,
                &mut self.added,
            ),
        }
    }

    fn bulk(&mut self) -> BulkLocals {
        BulkLocals {
            check: self.check(),
            length: Self::add(&mut self.length, ValType::I32, self.before, &mut self.added),
            result: Self::add(&mut self.result, ValType::I32, self.before, &mut self.added),
        }
    }

    /// Puts the declarations, old and new, before the code.
    fn declare(
        self,
        module: &Module<'_>,
        position: usize,
        function: u32,
        code: &[u8],
    ) -> Result<Vec<u8>> {
        let locals = self.before + self.added.len() as u64;
        if locals > MAX_LOCALS {
            return Err(MeterError::TooManyLocals {
                function,
                locals: self.before,
            });
        }
        let mut declarations = module.bodies[position].get_locals_reader()?;
        let count = declarations.get_count();
        let start = declarations.original_position();
        for _ in 0..count {
            declarations.read()?;
        }
        let old = module
            .bytes
            .get(start..declarations.original_position())
            .unwrap_or_default();

        let mut body = Vec::with_capacity(old.len() + code.len() + 16);
        (count + index(self.added.len())).encode(&mut body);
        body.extend_from_slice(old);
        for ty in self.added {
            1_u32.encode(&mut body);
            ty.encode(&mut body);
        }
        body.extend_from_slice(code);
        Ok(body)
    }
}
