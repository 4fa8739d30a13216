//! A maximum for the interpreter's memory, and a limit below it for each run.
//!
//! Without a maximum one script could take as much as the host gives to everyone. The limit of a
//! run is a global that only the tie can reach. Before each `memory.grow` a helper looks at it:
//!
//! ```wat
//! local.tee $delta  call $clamp  local.tee $delta  memory.grow
//! ```
//!
//! It returns the delta or, over the limit, one that no memory can grow by, so that `memory.grow`
//! fails as it would on a machine with that much memory. This is done to the metered module, and
//! leaves the fuel that a run costs as it was; the verifier sees the result.

use crate::{Error, Result};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, Instruction, MemoryType, Module, ValType,
};
use wasmparser::{CompositeInnerType, FunctionBody, Operator, Parser, Payload, TypeRef};

/// The limit of a run, in pages: set before it.
const PAGE_LIMIT: &str = "belljar_page_limit";

/// Becomes 1 when memory was refused.
const REFUSED: &str = "belljar_refused";

/// The module with a maximum of `pages`, and with the limit.
pub(super) fn adapt(wasm: &[u8], pages: u32) -> Result<Vec<u8>> {
    let mut adapt = Adapt::read(wasm, pages)?;
    let mut out = Module::new();
    adapt
        .parse_core_module(&mut out, Parser::new(0), wasm)
        .map_err(|error| Error::Package(format!("limiting the memory: {error}")))?;
    if adapt.grows == 0 {
        let message = "limiting the memory: no function grows it".to_owned();
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

/// Indices of what is added, and what was found.
struct Adapt {
    pages: u32,
    /// The type of a function from `i32` to `i32`.
    clamp_type: u32,
    clamp: u32,
    page_limit: u32,
    refused: u32,
    grows: u32,
}

impl Adapt {
    fn read(wasm: &[u8], pages: u32) -> Result<Self> {
        let unreadable =
            |error: wasmparser::BinaryReaderError| Error::Package(format!("reading: {error}"));
        let (mut types, mut functions, mut globals) = (0, 0, 0);
        let mut clamp_type = None;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(unreadable)? {
                Payload::TypeSection(section) => {
                    for group in section {
                        for ty in group.map_err(unreadable)?.into_types() {
                            if let CompositeInnerType::Func(ty) = ty.composite_type.inner
                                && ty.params() == [wasmparser::ValType::I32]
                                && ty.results() == [wasmparser::ValType::I32]
                            {
                                clamp_type.get_or_insert(types);
                            }
                            types += 1;
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import.map_err(unreadable)?.ty {
                            TypeRef::Func(_) => functions += 1,
                            TypeRef::Global(_) => globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(section) => functions += section.count(),
                Payload::GlobalSection(section) => globals += section.count(),
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        let missing = || Error::Package("it has no function from i32 to i32".to_owned());
        Ok(Self {
            pages,
            clamp_type: clamp_type.ok_or_else(missing)?,
            clamp: functions,
            page_limit: globals,
            refused: globals + 1,
            grows: 0,
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

    fn grows(body: &FunctionBody<'_>) -> Reencoded<bool> {
        for op in body.get_operators_reader()? {
            if matches!(op?, Operator::MemoryGrow { .. }) {
                return Ok(true);
            }
        }
        Ok(false)
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
        functions.function(self.clamp_type);
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
        exports.export(PAGE_LIMIT, ExportKind::Global, self.page_limit);
        exports.export(REFUSED, ExportKind::Global, self.refused);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Reencoded<()> {
        utils::parse_code_section(self, code, section)?;
        code.function(&self.clamp());
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Reencoded<()> {
        if !Self::grows(&body)? {
            code.raw(body.as_bytes());
            return Ok(());
        }
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut reader = body.get_operators_reader()?;
        let mut delta = None;
        while !reader.eof() {
            let instruction = self.parse_instruction(&mut reader)?;
            if let Instruction::MemoryGrow(_) = instruction {
                let delta = delta.ok_or(reencode::Error::UserError(Unfit(
                    "the meter puts what memory.grow takes into a local: it did not",
                )))?;
                function.instruction(&Instruction::Call(self.clamp));
                function.instruction(&Instruction::LocalTee(delta));
                self.grows += 1;
            }
            delta = match instruction {
                Instruction::LocalTee(local) => Some(local),
                _ => None,
            };
            function.instruction(&instruction);
        }
        code.function(&function);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime::{Engine, Instance, Module, Store, Val};

    const GROWS: &str = "(module (memory (export \"memory\") 2) (global (mut i32) (i32.const 0))
        (func (export \"grow\") (param i32) (result i32)
            (memory.grow (local.tee 0 (local.get 0)))))";

    #[test]
    fn memory_grows_to_its_limit_and_no_further() {
        let wasm = adapt(&wat::parse_str(GROWS).unwrap(), 10).unwrap();
        let engine = Engine::default();
        let module = Module::new(&engine, &wasm).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let grow = instance
            .get_typed_func::<i32, i32>(&mut store, "grow")
            .unwrap();
        let limit = instance.get_global(&mut store, PAGE_LIMIT).unwrap();
        let refused = instance.get_global(&mut store, REFUSED).unwrap();
        assert_eq!(grow.call(&mut store, 1).unwrap(), -1, "no limit is set yet");
        refused.set(&mut store, Val::I32(0)).unwrap();
        limit.set(&mut store, Val::I32(5)).unwrap();
        assert_eq!(grow.call(&mut store, 3).unwrap(), 2);
        assert_eq!(refused.get(&mut store).unwrap_i32(), 0);
        assert_eq!(grow.call(&mut store, 1).unwrap(), -1);
        assert_eq!(grow.call(&mut store, -1).unwrap(), -1);
        assert_eq!(refused.get(&mut store).unwrap_i32(), 1);
        limit.set(&mut store, Val::I32(-1)).unwrap();
        assert_eq!(grow.call(&mut store, 6).unwrap(), -1, "over the maximum");
    }

    #[test]
    fn an_interpreter_larger_than_the_maximum_is_refused() {
        let error = adapt(&wat::parse_str(GROWS).unwrap(), 1).unwrap_err();
        assert!(error.to_string().contains("memory_bytes"), "{error}");
    }
}
