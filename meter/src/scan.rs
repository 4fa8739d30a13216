//! The first look at every function body: refuse what is not accepted, note whom it calls, and
//! validate it.

use std::mem;

use wasmparser::{FuncToValidate, FuncValidatorAllocations, Operator};

use crate::{
    bulk::{self, Bulk, Helper},
    error::Result,
    module::{BodiesToValidate, Module, index},
    parallel, proposals,
};

/// Whom a function calls. Every list is sorted and without duplicates.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Functions it calls directly.
    pub direct: Box<[u32]>,
    /// Signature classes it calls through a table (see [`Module::classes`]).
    pub indirect: Box<[u32]>,
    /// Functions whose address it takes.
    pub references: Box<[u32]>,
    /// Helper functions that its bulk instructions would become calls of.
    pub helpers: Box<[Helper]>,
}

/// An instruction and the offset of its first byte in the module.
pub(crate) type Op<'a> = (Operator<'a>, usize);

/// Scans all bodies; the result is in the order of [`Module::bodies`].
pub(crate) fn scan(module: &Module<'_>, work: &BodiesToValidate) -> Result<Vec<Facts>> {
    parallel::map(
        module.bodies.len(),
        FuncValidatorAllocations::default,
        |allocations, position| {
            let facts = scan_body(module, position)?;
            let FuncToValidate {
                resources,
                index,
                ty,
                features,
            } = &work[position];
            let work = FuncToValidate {
                resources: resources.clone(),
                index: *index,
                ty: *ty,
                features: *features,
            };
            let mut validator = work.into_validator(mem::take(allocations));
            validator.validate(&module.bodies[position])?;
            *allocations = validator.into_allocations();
            Ok(facts)
        },
    )
}

/// Scans one body, which need not be valid.
fn scan_body(module: &Module<'_>, position: usize) -> Result<Facts> {
    let body = &module.bodies[position];
    let function = module.first_defined_function() + index(position);
    let mut locals = body.get_locals_reader()?;
    for _ in 0..locals.get_count() {
        proposals::check_type(locals.read()?.1, Some(function))?;
    }

    let mut facts = Collected::default();
    let mut reader = body.get_operators_reader()?;
    let mut previous = None;
    while !reader.eof() {
        let op = reader.read()?;
        proposals::check_operator(&op, function)?;
        facts.take(module, &op, previous.as_ref());
        previous = Some(op);
    }
    Ok(facts.finish())
}

/// Decodes a body into `ops`, which is cleared first.
pub(crate) fn decode<'a>(
    module: &Module<'a>,
    position: usize,
    ops: &mut Vec<Op<'a>>,
) -> Result<()> {
    decode_start(module, position, usize::MAX, ops)
}

/// Decodes at most `count` instructions of a body into `ops`, which is cleared first.
pub(crate) fn decode_start<'a>(
    module: &Module<'a>,
    position: usize,
    count: usize,
    ops: &mut Vec<Op<'a>>,
) -> Result<()> {
    ops.clear();
    let mut reader = module.bodies[position].get_operators_reader()?;
    while !reader.eof() && ops.len() < count {
        ops.push(reader.read_with_offset()?);
    }
    Ok(())
}

#[derive(Default)]
struct Collected {
    direct: Vec<u32>,
    indirect: Vec<u32>,
    references: Vec<u32>,
    helpers: Vec<Helper>,
}

impl Collected {
    fn take(&mut self, module: &Module<'_>, op: &Operator<'_>, previous: Option<&Operator<'_>>) {
        match *op {
            Operator::Call { function_index } => self.direct.push(function_index),
            // Not validated yet: a type that does not exist is found by the validator later.
            Operator::CallIndirect { type_index, .. } => {
                self.indirect
                    .extend(module.classes.get(type_index as usize));
            }
            Operator::RefFunc { function_index } => self.references.push(function_index),
            _ => {
                if let Some(Bulk::Helper(helper)) = bulk::classify(op, previous) {
                    self.helpers.push(helper);
                }
            }
        }
    }

    fn finish(self) -> Facts {
        Facts {
            direct: sorted(self.direct),
            indirect: sorted(self.indirect),
            references: sorted(self.references),
            helpers: sorted(self.helpers),
        }
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Box<[T]> {
    list.sort_unstable();
    list.dedup();
    list.into_boxed_slice()
}
