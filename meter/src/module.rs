//! A module as the pass and the verifier see it: where its sections and function bodies lie, and
//! the few facts about types, imports and exports that both need.
//!
//! The bodies themselves are not taken apart here. They are decoded one function at a time by
//! whoever needs them, so that a module of a hundred megabytes needs little more than its own size.

use std::{collections::HashMap, ops::Range};

use wasmparser::{
    BlockType, ConstExpr, DataKind, Element, ElementItems, ExternalKind, FuncToValidate, FuncType,
    FunctionBody, Import, MemoryType, Operator, Parser, Payload, RefType, TableInit, TableType,
    TypeRef, ValType, ValidPayload, Validator, ValidatorResources,
};

use crate::{error::Result, proposals, refusal};

/// A section: its id and the range of its contents.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub id: u8,
    pub range: Range<usize>,
}

/// An import that the slow path may refer to, with its index among functions or tags.
#[derive(Debug, Clone)]
pub(crate) struct NamedImport<'a> {
    pub module: &'a str,
    pub name: &'a str,
    pub index: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct NamedExport<'a> {
    pub name: &'a str,
    pub kind: ExternalKind,
    pub index: u32,
}

/// See the [module's documentation](self).
pub(crate) struct Module<'a> {
    pub bytes: &'a [u8],
    pub sections: Vec<Section>,
    /// The function types by index.
    pub types: Vec<FuncType>,
    /// For each type, the first type with the same signature. `call_indirect` compares signatures,
    /// not indices, so a call may reach any function of the same class.
    pub classes: Vec<u32>,
    /// The type of each function, imported ones first.
    pub functions: Vec<u32>,
    pub imported_functions: Vec<NamedImport<'a>>,
    pub imported_tags: Vec<NamedImport<'a>>,
    /// The type of each tag, imported ones first.
    pub tags: Vec<u32>,
    /// All memories, imported ones first.
    pub memories: Vec<MemoryType>,
    pub imported_memories: u32,
    /// All tables, imported ones first.
    pub tables: Vec<TableType>,
    pub imported_tables: u32,
    pub imported_globals: u32,
    /// The value type and mutability of the globals that are defined here.
    pub defined_globals: Vec<(ValType, bool)>,
    pub exports: Vec<NamedExport<'a>>,
    /// Functions that a table may hold: those in element segments and in initial values. What
    /// `ref.func` mentions in a body comes on top and is part of the body's facts.
    pub address_taken: Vec<u32>,
    /// `true` if references to functions may pass between this module and its host other than by
    /// exported functions: a table or a global of `funcref` that is imported or exported, or a
    /// function of the module's boundary or a tag with a `funcref` among its parameters or results.
    pub shares_references: bool,
    /// Data segments by the memory they are copied into at instantiation, `None` for passive ones.
    pub data_segments: Vec<Option<u32>>,
    /// The bodies of the functions that are defined here.
    pub bodies: Vec<FunctionBody<'a>>,
}

/// The work of validation that is left: one item per body.
pub(crate) type BodiesToValidate = Vec<FuncToValidate<ValidatorResources>>;

impl<'a> Module<'a> {
    /// Reads a module and validates everything but the bodies, whose validation is returned as
    /// work to be done. Constructs that are not accepted are refused by name first.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<(Self, BodiesToValidate)> {
        let mut module = Self::empty(bytes);
        let mut validator = Validator::new_with_features(proposals::ACCEPTED);
        let mut bodies_to_validate = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                module.sections.push(Section { id, range });
            }
            refusal::check(&payload)?;
            if let ValidPayload::Func(work, _) = validator.payload(&payload)? {
                bodies_to_validate.push(work);
            }
            module.take(payload)?;
        }
        module.shares_references |= module.boundary_shares_references();
        Ok((module, bodies_to_validate))
    }

    fn empty(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            sections: Vec::new(),
            types: Vec::new(),
            classes: Vec::new(),
            functions: Vec::new(),
            imported_functions: Vec::new(),
            imported_tags: Vec::new(),
            tags: Vec::new(),
            memories: Vec::new(),
            imported_memories: 0,
            tables: Vec::new(),
            imported_tables: 0,
            imported_globals: 0,
            defined_globals: Vec::new(),
            exports: Vec::new(),
            address_taken: Vec::new(),
            shares_references: false,
            data_segments: Vec::new(),
            bodies: Vec::new(),
        }
    }

    /// Functions that are defined here have indices from here on.
    pub(crate) fn first_defined_function(&self) -> u32 {
        index(self.imported_functions.len())
    }

    /// The signature of a function.
    pub(crate) fn signature(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// The class of a function's signature (see [`Self::classes`]).
    pub(crate) fn class_of(&self, function: u32) -> u32 {
        self.classes[self.functions[function as usize] as usize]
    }

    /// The number of globals, imported ones included.
    pub(crate) fn globals(&self) -> u32 {
        self.imported_globals + index(self.defined_globals.len())
    }

    /// `true` if a block takes parameters from the stack.
    pub(crate) fn has_parameters(&self, block: BlockType) -> bool {
        match block {
            BlockType::Empty | BlockType::Type(_) => false,
            BlockType::FuncType(index) => !self.types[index as usize].params().is_empty(),
        }
    }

    /// Finds an export by its name.
    pub(crate) fn export(&self, name: &str) -> Option<&NamedExport<'a>> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// Takes what is needed out of a section that is valid.
    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                let mut seen: HashMap<FuncType, u32> = HashMap::new();
                for ty in types.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    let class = *seen.entry(ty.clone()).or_insert(index(self.types.len()));
                    self.classes.push(class);
                    self.types.push(ty);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.take_import(&import?);
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.functions.push(ty?);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory?);
                }
            }
            Payload::TagSection(tags) => {
                for tag in tags {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let global = global?;
                    self.defined_globals
                        .push((global.ty.content_type, global.ty.mutable));
                    self.take_references(&global.init_expr)?;
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let table = table?;
                    self.tables.push(table.ty);
                    if let TableInit::Expr(expr) = table.init {
                        self.take_references(&expr)?;
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    self.shares_references |= export.kind == ExternalKind::Table;
                    self.exports.push(NamedExport {
                        name: export.name,
                        kind: export.kind,
                        index: export.index,
                    });
                }
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    self.take_element(element?)?;
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    self.data_segments.push(match segment?.kind {
                        DataKind::Passive => None,
                        DataKind::Active { memory_index, .. } => Some(memory_index),
                    });
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    fn take_import(&mut self, import: &Import<'a>) {
        let Import { module, name, ty } = *import;
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                let index = index(self.functions.len());
                self.imported_functions.push(NamedImport {
                    module,
                    name,
                    index,
                });
                self.functions.push(ty);
            }
            TypeRef::Tag(tag) => {
                let index = index(self.tags.len());
                self.imported_tags.push(NamedImport {
                    module,
                    name,
                    index,
                });
                self.tags.push(tag.func_type_idx);
            }
            TypeRef::Memory(memory) => {
                self.imported_memories += 1;
                self.memories.push(memory);
            }
            TypeRef::Global(global) => {
                self.imported_globals += 1;
                self.shares_references |= holds_functions(&global.content_type);
            }
            TypeRef::Table(table) => {
                self.imported_tables += 1;
                self.tables.push(table);
                self.shares_references = true;
            }
        }
    }

    fn take_element(&mut self, element: Element<'a>) -> Result<()> {
        match element.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.address_taken.push(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    self.take_references(&expression?)?;
                }
            }
        }
        Ok(())
    }

    fn take_references(&mut self, expr: &ConstExpr<'a>) -> Result<()> {
        for op in expr.get_operators_reader() {
            if let Operator::RefFunc { function_index } = op? {
                self.address_taken.push(function_index);
            }
        }
        Ok(())
    }

    fn boundary_shares_references(&self) -> bool {
        let signature_shares =
            |ty: &FuncType| ty.params().iter().chain(ty.results()).any(holds_functions);
        let imported = 0..self.first_defined_function();
        let exported_functions = self
            .exports
            .iter()
            .filter(|e| e.kind == ExternalKind::Func)
            .map(|e| e.index);
        imported
            .chain(exported_functions)
            .any(|f| signature_shares(self.signature(f)))
            || self
                .tags
                .iter()
                .any(|&ty| signature_shares(&self.types[ty as usize]))
            || self.exports.iter().any(|export| {
                export.kind == ExternalKind::Global
                    && (export.index.checked_sub(self.imported_globals))
                        .and_then(|index| self.defined_globals.get(index as usize))
                        .is_some_and(|(ty, _)| holds_functions(ty))
            })
    }
}

/// Indices fit: wasmparser limits every index space to a million entries.
pub(crate) fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn holds_functions(ty: &ValType) -> bool {
    *ty == ValType::Ref(RefType::FUNCREF)
}
