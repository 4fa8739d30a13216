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

/// How far into a check a body has been read: what follows after its counter is set.
///
/// ```wat
/// global.set $fuel  local.get $t  i64.const 0  i64.lt_s  if  unreachable  end
/// ```
#[derive(Default)]
struct Check(Option<u8>);

enum Step {
    Inside,
    End,
    Broken,
}

impl Check {
    fn advance(&mut self, operator: &Operator<'_>, fuel: u32) -> Step {
        let next = match (self.0, operator) {
            (None, Operator::GlobalSet { global_index }) if *global_index == fuel => 0,
            (None, _) => return Step::Inside,
            (Some(0), Operator::LocalGet { .. }) => 1,
            (Some(1), Operator::I64Const { value: 0 }) => 2,
            (Some(2), Operator::I64LtS) => 3,
            (Some(3), Operator::If { .. }) => 4,
            (Some(4), Operator::Unreachable) => {
                self.0 = None;
                return Step::End;
            }
            _ => return Step::Broken,
        };
        self.0 = Some(next);
        Step::Inside
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
mod tests {
    use super::*;
    use belljar_meter::{Options, meter};
    use wasmtime::{Engine, Func, Instance, Module, Ref, Store, Val};

    const FUEL: &str = "fuel";

    const PROGRAM: &str = "(module
        (memory (export \"memory\") 2)
        (table 1 funcref)
        (global (mut i32) (i32.const 0))
        (func (export \"nothing\"))
        (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export \"spin\") (param i32) (result i32)
            (loop $again
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (i32.const 7)))";

    struct Adapted {
        store: Store<u32>,
        instance: Instance,
    }

    impl Adapted {
        /// The program, with a hook that counts and refills, up to `refills` times.
        fn new(refills: u32) -> Self {
            let options = Options {
                fuel: FUEL.to_owned(),
                floor: None,
                ..Options::default()
            };
            let metered = meter(&wat::parse_str(PROGRAM).unwrap(), &options).unwrap();
            belljar_meter::verify(&metered.wasm, &options).unwrap();
            let wasm = adapt(&metered.wasm, FUEL, 10).unwrap();
            let engine = Engine::default();
            let module = Module::new(&engine, &wasm).unwrap();
            let mut store = Store::new(&engine, 0);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let fuel = instance.get_global(&mut store, FUEL).unwrap();
            let hook = Func::wrap(&mut store, move |mut caller: wasmtime::Caller<'_, u32>| {
                *caller.data_mut() += 1;
                if *caller.data() > refills {
                    return Err(wasmtime::Error::msg("no more"));
                }
                let left = fuel.get(&mut caller).unwrap_i64();
                fuel.set(&mut caller, Val::I64(left + 1000))
            });
            let hooks = instance.get_table(&mut store, HOOKS).unwrap();
            hooks.set(&mut store, 0, Ref::Func(Some(hook))).unwrap();
            Self { store, instance }
        }

        fn set(&mut self, name: &str, value: Val) {
            let global = self.instance.get_global(&mut self.store, name).unwrap();
            global.set(&mut self.store, value).unwrap();
        }

        fn get(&mut self, name: &str) -> Val {
            let global = self.instance.get_global(&mut self.store, name).unwrap();
            global.get(&mut self.store)
        }

        fn call(&mut self, name: &str, argument: i32) -> wasmtime::Result<i32> {
            let function = self.instance.get_typed_func(&mut self.store, name)?;
            function.call(&mut self.store, argument)
        }
    }

    #[test]
    fn a_run_goes_on_for_as_long_as_the_hook_gives_it_fuel_and_costs_the_same() {
        let mut whole = Adapted::new(0);
        whole.set(FUEL, Val::I64(1_000_000));
        assert_eq!(whole.call("spin", 5000).unwrap(), 7);
        let spent = 1_000_000 - whole.get(FUEL).unwrap_i64();
        assert!(spent > 5000, "{spent}");

        let mut sliced = Adapted::new(u32::MAX);
        sliced.set(FUEL, Val::I64(0));
        assert_eq!(sliced.call("spin", 5000).unwrap(), 7);
        let slices = i64::from(*sliced.store.data());
        assert!(slices > 1, "{slices}");
        assert_eq!(slices * 1000 - sliced.get(FUEL).unwrap_i64(), spent);

        let mut stopped = Adapted::new(2);
        stopped.set(FUEL, Val::I64(0));
        assert!(stopped.call("spin", 5000).is_err());
        assert_eq!(*stopped.store.data(), 3);
    }

    #[test]
    fn memory_grows_to_its_limit_and_no_further() {
        let mut run = Adapted::new(0);
        run.set(FUEL, Val::I64(i64::MAX));
        assert_eq!(run.call("grow", 1).unwrap(), -1, "no limit is set yet");
        run.set(REFUSED, Val::I32(0));
        run.set(PAGE_LIMIT, Val::I32(5));
        assert_eq!(run.call("grow", 3).unwrap(), 2);
        assert_eq!(run.get(REFUSED).unwrap_i32(), 0);
        assert_eq!(run.call("grow", 1).unwrap(), -1);
        assert_eq!(run.call("grow", -1).unwrap(), -1);
        assert_eq!(run.get(REFUSED).unwrap_i32(), 1);
        run.set(PAGE_LIMIT, Val::I32(-1));
        assert_eq!(run.call("grow", 6).unwrap(), -1, "over the maximum");
    }

    #[test]
    fn an_interpreter_larger_than_the_maximum_is_refused() {
        let options = Options {
            fuel: FUEL.to_owned(),
            ..Options::default()
        };
        let metered = meter(&wat::parse_str(PROGRAM).unwrap(), &options).unwrap();
        let error = adapt(&metered.wasm, FUEL, 1).unwrap_err();
        assert!(error.to_string().contains("memory_bytes"), "{error}");
    }
}
