//! Native code as the compiler leaves it: a module that wants a part of the interpreter's memory and
//! table, and calls the interpreter's functions by name.

use super::placement;
use crate::{Error, Result};
use std::ops::Range;
use wasmparser::{
    DataKind, ElementItems, ElementKind, ExternalKind, FuncType, Operator, Parser, Payload, TypeRef,
};

/// The parts of a module to be linked. Functions are counted as it counts them: imports first.
#[derive(Debug, Default)]
pub(super) struct Object<'a> {
    pub(super) types: Vec<FuncType>,
    /// The functions that it imports: module, name, type.
    pub(super) imports: Vec<(&'a str, &'a str, u32)>,
    /// The types of its own functions.
    pub(super) functions: Vec<u32>,
    /// Their bodies.
    pub(super) bodies: Vec<Range<usize>>,
    /// Its constants, by the number of the global; the first is no constant, but the stack pointer.
    pub(super) constants: Vec<Option<u32>>,
    /// The functions that it exports.
    pub(super) exports: Vec<(&'a str, u32)>,
    /// The functions in the table, from the first element that is free on.
    pub(super) elements: Vec<u32>,
    /// The initial memory: address and bytes.
    pub(super) data: Vec<(u32, &'a [u8])>,
}

impl<'a> Object<'a> {
    /// Reads a module.
    ///
    /// # Errors
    ///
    /// When it is none, wants other places than it is given, or has something that cannot be linked.
    pub(super) fn of(wasm: &'a [u8]) -> Result<Self> {
        let mut object = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(unreadable)?;
            object.take(payload).map_err(unreadable)?.map_err(refused)?;
        }
        Ok(object)
    }

    /// Takes over a section; the inner error says what in it cannot be linked.
    fn take(&mut self, payload: Payload<'a>) -> wasmparser::Result<Result<(), String>> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    self.types.push(ty?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    match import.ty {
                        TypeRef::Func(ty) => self.imports.push((import.module, import.name, ty)),
                        TypeRef::Memory(memory)
                            if memory.initial << 16 <= placement::DATA.end.into() => {}
                        TypeRef::Table(_) => {}
                        other => return Ok(Err(format!("it imports {other:?}"))),
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.functions.push(ty?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let global = global?;
                    // The compiler's only variable outside of memory is the stack pointer, and first.
                    if global.ty.mutable != self.constants.is_empty() {
                        return Ok(Err("it has other globals than the stack pointer".to_owned()));
                    }
                    let value = constant(&global.init_expr)?;
                    self.constants.push(value.filter(|_| !global.ty.mutable));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exports.push((export.name, export.index));
                    }
                }
            }
            Payload::ElementSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    let ElementKind::Active { offset_expr, .. } = segment.kind else {
                        return Ok(Err("it has elements without a place".to_owned()));
                    };
                    let offset = constant(&offset_expr)?;
                    let expected = placement::TABLE_BASE as usize + self.elements.len();
                    let ElementItems::Functions(functions) = segment.items else {
                        return Ok(Err("it has elements that are no functions".to_owned()));
                    };
                    if offset.map(|offset| offset as usize) != Some(expected) {
                        return Ok(Err(format!("its elements are at {offset:?}")));
                    }
                    for function in functions {
                        self.elements.push(function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        return Ok(Err("it has data without a place".to_owned()));
                    };
                    let place = constant(&offset_expr)?.unwrap_or_default();
                    let room = placement::DATA.end.saturating_sub(place) as usize;
                    if place < placement::DATA.start || segment.data.len() > room {
                        return Ok(Err(format!("its data are at {place}")));
                    }
                    self.data.push((place, segment.data));
                }
            }
            Payload::StartSection { .. } => return Ok(Err("it wants to be started".to_owned())),
            Payload::TagSection(_) => return Ok(Err("it throws exceptions".to_owned())),
            _ => {}
        }
        Ok(Ok(()))
    }
}

/// The value of a constant expression that is a number.
fn constant(expression: &wasmparser::ConstExpr<'_>) -> wasmparser::Result<Option<u32>> {
    Ok(match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}

fn unreadable(error: wasmparser::BinaryReaderError) -> Error {
    Error::Refit(format!("native code: not a module: {error}"))
}

fn refused(what: String) -> Error {
    Error::Refit(format!("native code cannot be linked: {what}"))
}
