//! A core module, as far as linking has to know it.

use super::parts::Part;
use crate::{Error, Result};
use std::collections::HashMap;
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload, TypeRef};

/// An import; `ty` is the type of a function.
pub(super) struct Import<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: ExternalKind,
    pub(super) ty: u32,
}

/// A module, read but for its code.
pub(super) struct Library<'a> {
    pub(super) wasm: &'a [u8],
    pub(super) imports: Vec<Import<'a>>,
    /// The number of functions, globals, tables and memories that it defines.
    pub(super) defined: [u32; 4],
    /// The number of its types, element segments and data segments.
    pub(super) counts: [u32; 3],
    pub(super) exports: HashMap<&'a str, (ExternalKind, u32)>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// The initial value of each global, where that is a plain number.
    pub(super) globals: Vec<Option<i32>>,
}

/// The kinds in the order in which numbers of each are kept.
pub(super) const KINDS: [ExternalKind; 4] = [
    ExternalKind::Func,
    ExternalKind::Global,
    ExternalKind::Table,
    ExternalKind::Memory,
];

impl<'a> Library<'a> {
    pub(super) fn read(part: &Part<'a>) -> Result<Self> {
        let mut library = Self {
            wasm: part.wasm,
            imports: Vec::new(),
            defined: [0; 4],
            counts: [0; 3],
            exports: HashMap::new(),
            bodies: Vec::new(),
            globals: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(part.wasm) {
            library.take(payload.map_err(unreadable)?, part.name)?;
        }
        Ok(library)
    }

    fn take(&mut self, payload: Payload<'a>, name: &str) -> Result<()> {
        let [functions, globals, tables, memories] = &mut self.defined;
        let [types, elements, data] = &mut self.counts;
        match payload {
            Payload::TypeSection(section) => *types = section.count(),
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(unreadable)?;
                    let (kind, ty) = match import.ty {
                        TypeRef::Func(ty) => (ExternalKind::Func, ty),
                        TypeRef::Global(_) => (ExternalKind::Global, 0),
                        TypeRef::Table(_) => (ExternalKind::Table, 0),
                        TypeRef::Memory(_) => (ExternalKind::Memory, 0),
                        _ => return Err(broken(&format!("{name} imports {}", import.name))),
                    };
                    let (module, name) = (import.module, import.name);
                    self.imports.push(Import {
                        module,
                        name,
                        kind,
                        ty,
                    });
                }
            }
            Payload::FunctionSection(section) => *functions = section.count(),
            Payload::GlobalSection(section) => {
                *globals = section.count();
                for global in section {
                    let start = global.map_err(unreadable)?.init_expr;
                    let first = start.get_operators_reader().read().map_err(unreadable)?;
                    self.globals.push(match first {
                        Operator::I32Const { value } => Some(value),
                        _ => None,
                    });
                }
            }
            Payload::TableSection(section) => *tables = section.count(),
            Payload::MemorySection(section) => *memories = section.count(),
            Payload::ElementSection(section) => *elements = section.count(),
            Payload::DataSection(section) => *data = section.count(),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(unreadable)?;
                    self.exports
                        .insert(export.name, (export.kind, export.index));
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            // It would have run before the memory was stored as it is.
            Payload::StartSection { .. } => {
                return Err(broken(&format!("{name} has a start function")));
            }
            _ => {}
        }
        Ok(())
    }

    /// The imports of one kind: they have the first indices of that kind.
    pub(super) fn imports_of(&self, kind: ExternalKind) -> impl Iterator<Item = &Import<'a>> {
        self.imports
            .iter()
            .filter(move |import| import.kind == kind)
    }
}

pub(super) fn unreadable(error: wasmparser::Error) -> Error {
    broken(&error.to_string())
}

pub(super) fn broken(what: &str) -> Error {
    Error::Package(format!("linking the interpreter: {what}"))
}
