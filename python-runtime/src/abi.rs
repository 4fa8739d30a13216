//! The shape that the interpreter must have for everything after it to be right.
//!
//! The artifact is one author's, and young. Rather than find out from a crash that a new version
//! behaves otherwise, its shape is compared here with the one that we know.

use crate::{Error, Result};
use std::collections::BTreeMap;
use wasmparser::{CompositeInnerType, ExternalKind, Parser, Payload, RefType, TypeRef, ValType};

/// Exported functions: name, parameters, results.
const EXPORTS: &[(&str, &[ValType], &[ValType])] = &[
    ("_initialize", &[], &[]),
    ("wizer.initialize", &[], &[]),
    ("turn", &[ValType::I32, ValType::I32], &[ValType::I32]),
    ("host_alloc", &[ValType::I32], &[ValType::I32]),
];

/// Modules it may import from.
const IMPORT_MODULES: &[&str] = &["wasi_snapshot_preview1", "host"];

/// The most mutable globals: the stack pointer. Another one would be state that we do not know.
const MUTABLE_GLOBALS: usize = 1;

/// The largest table a sandbox has room for.
const MAX_TABLE_ELEMENTS: u64 = 65_536;

#[derive(Default)]
struct Shape {
    types: Vec<Option<(Vec<ValType>, Vec<ValType>)>>,
    functions: Vec<u32>,
    imports: Vec<(String, String)>,
    exported_functions: BTreeMap<String, u32>,
    exported_memories: Vec<String>,
    mutable_globals: usize,
    memories: Vec<(u64, Option<u64>)>,
    tables: Vec<(u64, RefType)>,
}

/// Checks the interpreter's imports, exports, globals, memory and table.
pub(crate) fn check(wasm: &[u8]) -> Result<()> {
    let shape =
        read(wasm).map_err(|error| Error::Abi(format!("not a readable module: {error}")))?;
    shape.check().map_err(Error::Abi)
}

fn read(wasm: &[u8]) -> wasmparser::Result<Shape> {
    let mut shape = Shape::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(types) => {
                for group in types {
                    for ty in group?.into_types() {
                        shape.types.push(match ty.composite_type.inner {
                            CompositeInnerType::Func(function) => {
                                Some((function.params().to_vec(), function.results().to_vec()))
                            }
                            _ => None,
                        });
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    shape
                        .imports
                        .push((import.module.to_owned(), import.name.to_owned()));
                    if let TypeRef::Func(index) = import.ty {
                        shape.functions.push(index);
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for index in functions {
                    shape.functions.push(index?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let table = table?.ty;
                    shape.tables.push((table.initial, table.element_type));
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    let memory = memory?;
                    shape.memories.push((memory.initial, memory.maximum));
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    shape.mutable_globals += usize::from(global?.ty.mutable);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    match export.kind {
                        ExternalKind::Func => {
                            shape
                                .exported_functions
                                .insert(export.name.to_owned(), export.index);
                        }
                        ExternalKind::Memory => {
                            shape.exported_memories.push(export.name.to_owned())
                        }
                        _ => {}
                    }
                }
            }
            // Everything of interest comes before the code.
            Payload::CodeSectionStart { .. } => break,
            _ => {}
        }
    }
    Ok(shape)
}

impl Shape {
    fn check(&self) -> Result<(), String> {
        for (name, params, results) in EXPORTS {
            let index = self
                .exported_functions
                .get(*name)
                .ok_or_else(|| format!("it exports no function `{name}`"))?;
            let found = self
                .functions
                .get(*index as usize)
                .and_then(|ty| self.types.get(*ty as usize))
                .and_then(Option::as_ref);
            let expected = (params.to_vec(), results.to_vec());
            if found != Some(&expected) {
                return Err(format!(
                    "`{name}` has the type {found:?}, expected {expected:?}"
                ));
            }
        }
        if !self.exported_memories.iter().any(|name| name == "memory") {
            return Err("it exports no memory `memory`".to_owned());
        }
        if let Some((module, name)) = self
            .imports
            .iter()
            .find(|(module, _)| !IMPORT_MODULES.contains(&module.as_str()))
        {
            return Err(format!(
                "it imports `{module}.{name}`, which no sandbox provides"
            ));
        }
        if !self
            .imports
            .iter()
            .any(|(module, name)| module == "host" && name == "call")
        {
            return Err("it does not import `host.call`".to_owned());
        }
        if self.mutable_globals != MUTABLE_GLOBALS {
            let found = self.mutable_globals;
            return Err(format!(
                "it has {found} mutable globals, expected {MUTABLE_GLOBALS}"
            ));
        }
        match self.memories[..] {
            [(_, None)] => {}
            _ => {
                return Err(format!(
                    "its memories are {:?}, expected one without a maximum",
                    self.memories
                ));
            }
        }
        match self.tables[..] {
            [(elements, ty)] if elements <= MAX_TABLE_ELEMENTS && ty == RefType::FUNCREF => Ok(()),
            _ => Err(format!(
                "its tables are {:?}, expected one of at most {MAX_TABLE_ELEMENTS} functions",
                self.tables
            )),
        }
    }
}
