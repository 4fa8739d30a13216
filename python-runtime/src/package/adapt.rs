//! The metered interpreter, made to fit a component: its checks ask the shim before they stop a run,
//! and its memory has a maximum, and a limit below it for each run.
//!
//! **Checks.** Nothing outside can stop a component, so the meter's checks are all there is to see a
//! deadline with. The shim gives out the fuel in slices. A check that finds its slice used up calls
//! a hook, which the tie connects to the shim: it looks at the clock and gives the next slice, or
//! ends the run. What the meter wrote is `unreachable` in that place, and that is what its verifier
//! has seen; this puts a call there, and changes nothing else about a check.
//!
//! **Memory.** Without a maximum one script could take as much as the host gives to everyone. The
//! limit of a run is a global that only the tie can reach. Before each `memory.grow` a helper looks
//! at it:
//!
//! ```wat
//! local.tee $delta  call $clamp  local.tee $delta  memory.grow
//! ```
//!
//! It returns the delta or, over the limit, one that no memory can grow by, so that `memory.grow`
//! fails as it would on a machine with that much memory.
//!
//! Neither changes what fuel a run costs: it is metered before.

use super::check_pattern::{Check, Step};
use crate::{Error, Result};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, InstructionSink, MemoryType, Module, RefType, TableSection, TableType, ValType,
};
use wasmparser::{
    CompositeInnerType, ExternalKind, FuncType, FunctionBody, Operator, Parser, Payload, TypeRef,
};

/// The limit of a run, in pages: set before it.
const PAGE_LIMIT: &str = "belljar_page_limit";

/// Becomes 1 when memory was refused.
const REFUSED: &str = "belljar_refused";

/// A table of one function: what a check calls that finds the fuel used up. It returns if the run
/// may go on.
const HOOKS: &str = "belljar_hooks";

/// The module, whose counter is exported as `fuel`, with hooks and with a memory of at most `pages`.
pub(super) fn adapt(wasm: &[u8], fuel: &str, pages: u32) -> Result<Vec<u8>> {
    let mut adapt = Adapt::read(wasm, fuel, pages)?;
    let mut out = Module::new();
    adapt
        .parse_core_module(&mut out, Parser::new(0), wasm)
        .map_err(|error| Error::Package(format!("adapting the module: {error}")))?;
    if adapt.grows == 0 || adapt.checks == 0 {
        let (grows, checks) = (adapt.grows, adapt.checks);
        let message = format!("the module has {checks} checks and grows its memory {grows} times");
        return Err(Error::Package(message));
    }
    Ok(out.finish())
}

/// What can't be adapted.
#[derive(Debug)]
struct Unfit(&'static str);

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unfit {}

type Reencoded<T> = std::result::Result<T, reencode::Error<Unfit>>;

/// Indices of what is there and of what is added, and what was found.
#[derive(Default)]
struct Adapt {
    pages: u32,
    fuel: u32,
    /// The types of functions from `i32` to `i32`, and from nothing to nothing.
    clamp_type: u32,
    hook_type: u32,
    clamp: u32,
    tick: u32,
    hooks: u32,
    page_limit: u32,
    refused: u32,
    grows: u32,
    checks: u32,
}

impl Adapt {
    fn read(wasm: &[u8], fuel: &str, pages: u32) -> Result<Self> {
        let unreadable =
            |error: wasmparser::BinaryReaderError| Error::Package(format!("reading: {error}"));
        let (mut types, mut functions, mut tables, mut globals) = (Vec::new(), 0, 0, 0);
        let mut found = None;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(unreadable)? {
                Payload::TypeSection(section) => {
                    for group in section {
                        for ty in group.map_err(unreadable)?.into_types() {
                            types.push(match ty.composite_type.inner {
                                CompositeInnerType::Func(ty) => Some(ty),
                                _ => None,
                            });
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import.map_err(unreadable)?.ty {
                            TypeRef::Func(_) => functions += 1,
                            TypeRef::Table(_) => tables += 1,
                            TypeRef::Global(_) => globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(section) => functions += section.count(),
                Payload::TableSection(section) => tables += section.count(),
                Payload::GlobalSection(section) => globals += section.count(),
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.map_err(unreadable)?;
                        if export.kind == ExternalKind::Global && export.name == fuel {
                            found = Some(export.index);
                        }
                    }
                }
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        let missing = |what: &str| Error::Package(format!("the module has no {what}"));
        let type_of = |params: &[wasmparser::ValType], results: &[wasmparser::ValType]| {
            let is_it = |ty: &FuncType| ty.params() == params && ty.results() == results;
            let position = types.iter().position(|ty| ty.as_ref().is_some_and(is_it));
            position.and_then(|index| u32::try_from(index).ok())
        };
        let int = [wasmparser::ValType::I32];
        Ok(Self {
            pages,
            fuel: found.ok_or_else(|| missing("counter"))?,
            clamp_type: type_of(&int, &int).ok_or_else(|| missing("function from i32 to i32"))?,
            hook_type: type_of(&[], &[]).ok_or_else(|| missing("function without parameters"))?,
            clamp: functions,
            tick: functions + 1,
            hooks: tables,
            page_limit: globals,
            refused: globals + 1,
            ..Self::default()
        })
    }

    /// `if (size + delta <= limit) delta else { refused = 1; -1 }`
    fn clamp(&self) -> Function {
        let mut function = Function::new([]);
        function
            .instructions()
            .memory_size(0)
            .i64_extend_i32_u()
            .local_get(0)
            .i64_extend_i32_u()
            .i64_add()
            .global_get(self.page_limit)
            .i64_extend_i32_u()
            .i64_le_u()
            .if_(wasm_encoder::BlockType::Empty)
            .local_get(0)
            .return_()
            .end()
            .i32_const(1)
            .global_set(self.refused)
            .i32_const(-1)
            .end();
        function
    }

    /// Calls the hook.
    fn tick(&self) -> Function {
        let mut function = Function::new([]);
        function
            .instructions()
            .i32_const(0)
            .call_indirect(self.hooks, self.hook_type)
            .end();
        function
    }

    /// Copies a body, with what is added to it.
    fn body(&mut self, body: &FunctionBody<'_>) -> Reencoded<Vec<u8>> {
        let bytes = body.as_bytes();
        let origin = body.range().start;
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
        let mut copied = 0;
        let mut operators = body.get_operators_reader()?;
        let mut delta = None;
        let mut check = Check::default();
        while !operators.eof() {
            let (operator, at) = operators.read_with_offset()?;
            let at = at - origin;
            if let Operator::MemoryGrow { .. } = operator {
                let delta = delta.ok_or(reencode::Error::UserError(Unfit(
                    "the meter puts what memory.grow takes into a local: it did not",
                )))?;
                out.extend_from_slice(&bytes[copied..at]);
                copied = at;
                InstructionSink::new(&mut out)
                    .call(self.clamp)
                    .local_tee(delta);
                self.grows += 1;
            }
            delta = match operator {
                Operator::LocalTee { local_index } => Some(local_index),
                _ => None,
            };
            match check.advance(&operator, self.fuel) {
                Step::Inside => {}
                Step::End => {
                    out.extend_from_slice(&bytes[copied..at]);
                    // The byte of `unreachable` itself.
                    copied = at + 1;
                    InstructionSink::new(&mut out).call(self.tick);
                    self.checks += 1;
                }
                Step::Broken => {
                    return Err(reencode::Error::UserError(Unfit(
                        "the meter writes its counter in checks only: it did elsewhere",
                    )));
                }
            }
        }
        out.extend_from_slice(&bytes[copied..]);
        Ok(out)
    }
}

impl Reencode for Adapt {
    type Error = Unfit;

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Reencoded<MemoryType> {
        if memory.initial > u64::from(self.pages) {
            let message = "the maximum of memory_bytes is below what the interpreter has";
            return Err(reencode::Error::UserError(Unfit(message)));
        }
        let mut memory = utils::memory_type(self, memory);
        memory.maximum = Some(u64::from(self.pages));
        Ok(memory)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Reencoded<()> {
        utils::parse_function_section(self, functions, section)?;
        functions.function(self.clamp_type).function(self.hook_type);
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Reencoded<()> {
        utils::parse_table_section(self, tables, section)?;
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: Some(1),
            shared: false,
        });
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Reencoded<()> {
        utils::parse_global_section(self, globals, section)?;
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        // No memory until the limit is set: the safe choice.
        globals.global(ty, &ConstExpr::i32_const(0));
        globals.global(ty, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Reencoded<()> {
        utils::parse_export_section(self, exports, section)?;
        exports
            .export(PAGE_LIMIT, ExportKind::Global, self.page_limit)
            .export(REFUSED, ExportKind::Global, self.refused)
            .export(HOOKS, ExportKind::Table, self.hooks);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Reencoded<()> {
        for body in section {
            code.raw(&self.body(&body?)?);
        }
        code.function(&self.clamp()).function(&self.tick());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
