//! Random programs with more control flow than any compiler makes: loops within loops, branches out
//! of and back into them from everywhere, tables of branches, exceptions, recursion, bulk
//! instructions. wasm-smith's modules cover the instructions; these cover the paths.

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, FunctionSection,
    GlobalSection, GlobalType, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TagKind, TagSection, TagType, TypeSection, ValType,
};

use super::{
    author::Author,
    noise::Noise,
    shape::{FUNCTIONS, STATE, Shape, TURNS, TURNS_LEFT},
};

/// A program whose export `f` takes and returns a number.
pub fn program(noise: &mut Noise, shape: Shape) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([], []);
    types.ty().function([ValType::I32], []);
    let mut functions = FunctionSection::new();
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: u64::from(FUNCTIONS),
        maximum: Some(20),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(3),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut tags = TagSection::new();
    for func_type_idx in [1, 2] {
        tags.tag(TagType {
            kind: TagKind::Exception,
            func_type_idx,
        });
    }
    let mut globals = GlobalSection::new();
    let ty = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(ty, &ConstExpr::i32_const(TURNS));
    globals.global(ty, &ConstExpr::i32_const(1));
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("turns", ExportKind::Global, TURNS_LEFT);
    exports.export("state", ExportKind::Global, STATE);
    let mut elements = ElementSection::new();
    let all: Vec<u32> = (0..FUNCTIONS).collect();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(all.into()),
    );
    let mut code = CodeSection::new();
    for _ in 0..FUNCTIONS {
        functions.function(0);
        code.function(&Author::new(noise, shape).function());
    }
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&memories);
    if shape.exceptions {
        module.section(&tags);
    }
    module
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code);
    module.finish()
}
