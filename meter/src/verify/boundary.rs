//! The sections of a module as far as they say which functions may be called by whom: what is
//! exported, what tables and globals hold, and whether references to functions can leave the module or
//! come into it.

use wasmparser::{
    ConstExpr, ElementItems, ElementKind, ExternalKind, FuncType, Operator, Parser, Payload,
    RefType, TableInit, TypeRef, ValType,
};

use crate::error::MeterError;

type Result<T, E = MeterError> = std::result::Result<T, E>;

/// See the [module's documentation](self).
#[derive(Debug, Default)]
pub(super) struct Boundary {
    /// The functions that the host may call by name.
    pub exported: Vec<u32>,
    /// The functions that a table or a global holds from the start, or that are declared to be put
    /// into one by the code.
    pub mentioned: Vec<u32>,
    /// The function that is called at instantiation.
    pub start: Option<u32>,
    /// The tables that hold anything from the start.
    pub filled_tables: Vec<u32>,
    /// The tables that the host can reach.
    pub shared_tables: Vec<u32>,
    /// `true` if references can cross the boundary as values: in a global, as a parameter or a result, or
    /// with an exception.
    pub passes_references: bool,
    types: Vec<FuncType>,
    /// The type of every function, imported ones first.
    functions: Vec<u32>,
    /// The type of every global, imported ones first.
    globals: Vec<ValType>,
    /// The number of tables so far.
    tables: u32,
}

impl Boundary {
    /// Reads the sections before the code. The module is valid.
    pub(super) fn read(wasm: &[u8]) -> Result<Self> {
        let mut boundary = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        boundary.types.push(ty?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        boundary.import(import?.ty);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        boundary.functions.push(ty?);
                    }
                }
                Payload::TagSection(section) => {
                    // The host can catch an exception whose tag it does not know.
                    for tag in section {
                        boundary.passes(tag?.func_type_idx);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        if let TableInit::Expr(value) = table?.init {
                            boundary.filled_tables.push(boundary.tables);
                            boundary.mention(&value)?;
                        }
                        boundary.tables += 1;
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        let global = global?;
                        boundary.globals.push(global.ty.content_type);
                        boundary.mention(&global.init_expr)?;
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        boundary.export(export.kind, export.index);
                    }
                }
                Payload::StartSection { func, .. } => boundary.start = Some(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        if let ElementKind::Active { table_index, .. } = element.kind {
                            boundary.filled_tables.push(table_index.unwrap_or(0));
                        }
                        boundary.elements(element.items)?;
                    }
                }
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        Ok(boundary)
    }

    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.passes(ty);
            }
            TypeRef::Tag(tag) => self.passes(tag.func_type_idx),
            TypeRef::Global(global) => {
                self.globals.push(global.content_type);
                self.passes_references |= is_reference(global.content_type);
            }
            TypeRef::Table(_) => {
                self.shared_tables.push(self.tables);
                self.tables += 1;
            }
            TypeRef::Memory(_) => {}
        }
    }

    fn export(&mut self, kind: ExternalKind, index: u32) {
        match kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                self.exported.push(index);
                if let Some(&ty) = self.functions.get(index as usize) {
                    self.passes(ty);
                }
            }
            ExternalKind::Table => self.shared_tables.push(index),
            ExternalKind::Global => {
                let ty = self.globals.get(index as usize);
                self.passes_references |= ty.is_some_and(|&ty| is_reference(ty));
            }
            ExternalKind::Memory | ExternalKind::Tag => {}
        }
    }

    /// Values of this type's parameters and results cross the boundary.
    fn passes(&mut self, ty: u32) {
        if let Some(ty) = self.types.get(ty as usize) {
            let mut values = ty.params().iter().chain(ty.results());
            self.passes_references |= values.any(|&ty| is_reference(ty));
        }
    }

    fn elements(&mut self, items: ElementItems<'_>) -> Result<()> {
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.mentioned.push(function?);
                }
            }
            ElementItems::Expressions(_, values) => {
                for value in values {
                    self.mention(&value?)?;
                }
            }
        }
        Ok(())
    }

    fn mention(&mut self, value: &ConstExpr<'_>) -> Result<()> {
        for op in value.get_operators_reader() {
            if let Operator::RefFunc { function_index } = op? {
                self.mentioned.push(function_index);
            }
        }
        Ok(())
    }
}

fn is_reference(ty: ValType) -> bool {
    ty == ValType::Ref(RefType::FUNCREF)
}
