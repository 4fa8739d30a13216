//! The libraries as one module, by their layout.

use super::layout::Layout;
use super::library::{KINDS, Library, broken};
use crate::Result;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, ImportSection, Instruction,
    MemorySection, Module, TableSection, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Operator, Parser, Payload};

/// The module that all functions from outside are imported from.
const OUTSIDE: &str = "shim";

/// The exports of the one module, and the names that they have in a library.
const EXPORTS: [(&str, ExternalKind, &str); 2] = [
    ("memory", ExternalKind::Memory, "memory"),
    ("turn", ExternalKind::Func, "turn"),
];

/// The allocator for what the shim writes into the interpreter's memory: it takes an old address
/// and size, an alignment, and a size.
const ALLOCATOR: &str = "cabi_realloc";

/// Alignment of what is allocated.
const ALIGNMENT: i32 = 8;

#[derive(Default)]
struct Sections {
    types: TypeSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

/// Writes the module.
pub(super) fn merge(libraries: &[Library<'_>], layout: &Layout) -> Result<Vec<u8>> {
    let mut sections = Sections::default();
    for (part, library) in libraries.iter().enumerate() {
        let mut rewrite = Rewrite { part, layout };
        rewrite
            .append(library.wasm, &mut sections)
            .map_err(|error| broken(&error.to_string()))?;
    }
    for ty in &layout.traps {
        sections.functions.function(*ty);
        let mut trap = Function::new([]);
        trap.instructions().unreachable().end();
        sections.code.function(&trap);
    }
    let mut imports = ImportSection::new();
    for (name, ty) in &layout.imports {
        imports.import(OUTSIDE, name, EntityType::Function(*ty));
    }
    let mut exports = ExportSection::new();
    for (name, kind, found) in EXPORTS {
        let index = layout.export(libraries, kind, found)?;
        let kind = match kind {
            ExternalKind::Memory => ExportKind::Memory,
            _ => ExportKind::Func,
        };
        exports.export(name, kind, index);
    }
    let allocator = layout.export(libraries, ExternalKind::Func, ALLOCATOR)?;
    let allocate_type = sections.types.len();
    sections.types.ty().function([ValType::I32], [ValType::I32]);
    let allocate = layout.imports.len() as u32 + sections.functions.len();
    sections.functions.function(allocate_type);
    sections.code.function(&allocate_function(allocator));
    exports.export("host_alloc", ExportKind::Func, allocate);

    let segments = sections.data.len();
    let mut module = Module::new();
    module
        .section(&sections.types)
        .section(&imports)
        .section(&sections.functions)
        .section(&sections.tables)
        .section(&sections.memories)
        .section(&sections.globals)
        .section(&exports)
        .section(&sections.elements)
        .section(&DataCountSection { count: segments })
        .section(&sections.code)
        .section(&sections.data);
    Ok(module.finish())
}

fn allocate_function(allocator: u32) -> Function {
    let mut function = Function::new([]);
    function
        .instructions()
        .i32_const(0)
        .i32_const(0)
        .i32_const(ALIGNMENT)
        .local_get(0)
        .call(allocator)
        .end();
    function
}

/// Copies what one library defines, with the indices of the one module.
struct Rewrite<'a> {
    part: usize,
    layout: &'a Layout,
}

#[derive(Debug)]
struct Missing;

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("an index that means nothing")
    }
}

impl std::error::Error for Missing {}

type Reencoded<T> = std::result::Result<T, reencode::Error<Missing>>;

impl Rewrite<'_> {
    fn append(&mut self, wasm: &[u8], to: &mut Sections) -> Reencoded<()> {
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => self.parse_type_section(&mut to.types, section)?,
                Payload::FunctionSection(section) => {
                    self.parse_function_section(&mut to.functions, section)?;
                }
                Payload::TableSection(section) => {
                    self.parse_table_section(&mut to.tables, section)?;
                }
                Payload::MemorySection(section) => {
                    self.parse_memory_section(&mut to.memories, section)?;
                }
                Payload::GlobalSection(section) => {
                    self.parse_global_section(&mut to.globals, section)?;
                }
                Payload::ElementSection(section) => {
                    self.parse_element_section(&mut to.elements, section)?;
                }
                Payload::CodeSectionEntry(body) => self.parse_function_body(&mut to.code, body)?,
                Payload::DataSection(section) => self.parse_data_section(&mut to.data, section)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn index(&self, kind: ExternalKind, index: u32) -> Reencoded<u32> {
        debug_assert!(KINDS.contains(&kind));
        let found = self.layout.index(self.part, kind, index);
        found.ok_or(reencode::Error::UserError(Missing))
    }
}

impl Reencode for Rewrite<'_> {
    type Error = Missing;

    fn type_index(&mut self, ty: u32) -> Reencoded<u32> {
        Ok(self.layout.bases[self.part][0] + ty)
    }

    fn element_index(&mut self, element: u32) -> Reencoded<u32> {
        Ok(self.layout.bases[self.part][1] + element)
    }

    fn data_index(&mut self, data: u32) -> Reencoded<u32> {
        Ok(self.layout.bases[self.part][2] + data)
    }

    fn function_index(&mut self, function: u32) -> Reencoded<u32> {
        self.index(ExternalKind::Func, function)
    }

    fn global_index(&mut self, global: u32) -> Reencoded<u32> {
        self.index(ExternalKind::Global, global)
    }

    fn table_index(&mut self, table: u32) -> Reencoded<u32> {
        self.index(ExternalKind::Table, table)
    }

    fn memory_index(&mut self, memory: u32) -> Reencoded<u32> {
        self.index(ExternalKind::Memory, memory)
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Reencoded<Instruction<'a>> {
        if let Operator::GlobalGet { global_index } = operator {
            let global = self.global_index(global_index)?;
            if let Some(value) = self.layout.constants.get(&global) {
                return Ok(Instruction::I32Const(*value));
            }
        }
        reencode::utils::instruction(self, operator)
    }
}
