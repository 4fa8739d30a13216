//! Constructs that a module may not hold, found before it is validated, so that it is refused by
//! name.

use wasmparser::{
    CompositeInnerType, ConstExpr, ElementItems, Encoding, Import, Imports, MemoryType, Operator,
    Payload, TableType, TypeRef, ValType,
};

use crate::{
    error::{MeterError, Result},
    proposals::{self, Proposal},
};

/// Refuses what a section holds outside of the accepted proposals.
pub(crate) fn check(payload: &Payload<'_>) -> Result<()> {
    match payload {
        Payload::Version {
            encoding: Encoding::Component,
            ..
        } => refuse(Proposal::ComponentModel, "a component"),
        Payload::TypeSection(types) => types.clone().into_iter().try_for_each(|group| {
            let group = group?;
            if group.is_explicit_rec_group() {
                return refuse(Proposal::GarbageCollection, "a recursive group of types");
            }
            group.into_types().try_for_each(|ty| {
                if ty.composite_type.shared {
                    return refuse(Proposal::SharedEverythingThreads, "a shared type");
                }
                let CompositeInnerType::Func(ty) = &ty.composite_type.inner else {
                    return refuse(Proposal::GarbageCollection, "a struct or array type");
                };
                ty.params()
                    .iter()
                    .chain(ty.results())
                    .try_for_each(|&ty| type_(ty))
            })
        }),
        Payload::ImportSection(imports) => {
            imports
                .clone()
                .into_iter()
                .try_for_each(|import| match import? {
                    Imports::Single(_, import) => import_(&import),
                    _ => refuse(Proposal::CompactImports, "a compact import"),
                })
        }
        Payload::TableSection(tables) => tables
            .clone()
            .into_iter()
            .try_for_each(|table| table_(&table?.ty)),
        Payload::MemorySection(memories) => memories
            .clone()
            .into_iter()
            .try_for_each(|memory| memory_(&memory?)),
        Payload::GlobalSection(globals) => globals.clone().into_iter().try_for_each(|global| {
            let global = global?;
            type_(global.ty.content_type)?;
            const_expr(&global.init_expr)
        }),
        Payload::ElementSection(elements) => {
            elements
                .clone()
                .into_iter()
                .try_for_each(|element| match element?.items {
                    ElementItems::Functions(_) => Ok(()),
                    ElementItems::Expressions(ty, expressions) => {
                        type_(ValType::Ref(ty))?;
                        expressions
                            .into_iter()
                            .try_for_each(|expr| const_expr(&expr?))
                    }
                })
        }
        _ => Ok(()),
    }
}

fn refuse(proposal: Proposal, construct: &str) -> Result<()> {
    Err(MeterError::Unsupported {
        proposal,
        construct: construct.to_owned(),
        function: None,
    })
}

fn type_(ty: ValType) -> Result<()> {
    proposals::check_type(ty, None)
}

fn const_expr(expr: &ConstExpr<'_>) -> Result<()> {
    expr.get_operators_reader()
        .into_iter()
        .try_for_each(|op| match op? {
            op @ (Operator::GlobalGet { .. } | Operator::RefNull { .. }) => {
                proposals::check_operator(&op, 0)
            }
            _ => Ok(()),
        })
}

fn table_(table: &TableType) -> Result<()> {
    if table.table64 {
        return refuse(Proposal::Memory64, "a table with 64-bit indices");
    }
    if table.shared {
        return refuse(Proposal::SharedEverythingThreads, "a shared table");
    }
    type_(ValType::Ref(table.element_type))
}

fn memory_(memory: &MemoryType) -> Result<()> {
    if memory.memory64 {
        return refuse(Proposal::Memory64, "a memory with 64-bit addresses");
    }
    if memory.shared {
        return refuse(Proposal::Threads, "a shared memory");
    }
    if memory.page_size_log2.is_some() {
        return refuse(
            Proposal::CustomPageSizes,
            "a memory with pages of its own size",
        );
    }
    Ok(())
}

fn import_(import: &Import<'_>) -> Result<()> {
    match &import.ty {
        TypeRef::Table(table) => table_(table),
        TypeRef::Memory(memory) => memory_(memory),
        TypeRef::Global(global) => type_(global.content_type),
        TypeRef::Func(_) | TypeRef::Tag(_) => Ok(()),
        TypeRef::FuncExact(_) => refuse(Proposal::CustomDescriptors, "an exact function import"),
    }
}
