//! The interpreter's functions by name and type, and its data by address.

use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{
    CompositeInnerType, DataKind, FuncType, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

/// The places of things in the bytes of a module.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    /// The indices of the functions that have a name.
    pub(super) names: BTreeMap<&'a str, Vec<u32>>,
    /// The number of functions that are imported: indices count them first.
    pub(super) imported: u32,
    /// The types, and those of them that are functions'.
    pub(super) types: Vec<Option<FuncType>>,
    /// The types of the functions, imported ones first.
    pub(super) functions: Vec<u32>,
    /// The number of elements that the table has.
    pub(super) table_elements: u64,
    /// The index of the one mutable global: the stack pointer.
    pub(super) stack_pointer: Option<u32>,
    /// The functions' bodies, without their sizes.
    pub(super) ranges: Vec<Range<usize>>,
    /// The data: address and bytes.
    pub(super) data: Vec<(u32, Range<usize>)>,
}

impl<'a> Layout<'a> {
    /// Reads the layout of a module.
    pub(super) fn of(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut layout = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(groups) => {
                    for group in groups {
                        let types = group?.into_types();
                        layout
                            .types
                            .extend(types.map(|ty| match ty.composite_type.inner {
                                CompositeInnerType::Func(ty) => Some(ty),
                                _ => None,
                            }));
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(ty) = import?.ty {
                            layout.imported += 1;
                            layout.functions.push(ty);
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        layout.functions.push(ty?);
                    }
                }
                Payload::TableSection(tables) => {
                    for table in tables {
                        layout.table_elements = table?.ty.initial;
                    }
                }
                Payload::GlobalSection(globals) => {
                    for (index, global) in (0..).zip(globals) {
                        if global?.ty.mutable {
                            layout.stack_pointer = Some(index);
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    layout.ranges.push(range.start..range.end);
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let DataKind::Active { offset_expr, .. } = segment.kind else {
                            continue;
                        };
                        let mut offset = offset_expr.get_operators_reader();
                        if let Operator::I32Const { value } = offset.read()? {
                            let end = segment.range.end;
                            layout
                                .data
                                .push((value.cast_unsigned(), end - segment.data.len()..end));
                        }
                    }
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for subsection in names {
                            let Name::Function(functions) = subsection? else {
                                continue;
                            };
                            for naming in functions {
                                let naming = naming?;
                                layout
                                    .names
                                    .entry(naming.name)
                                    .or_default()
                                    .push(naming.index);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(layout)
    }

    /// The positions among the bodies of the functions of this name: C has many that only one file sees.
    pub(super) fn bodies(&self, name: &str) -> Vec<usize> {
        let indices = self.names.get(name).map_or(&[][..], Vec::as_slice);
        indices
            .iter()
            .filter_map(|index| index.checked_sub(self.imported))
            .map(|position| position as usize)
            .filter(|position| *position < self.ranges.len())
            .collect()
    }

    /// The type of a function.
    pub(super) fn type_of(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.functions.get(function as usize)?;
        self.types.get(ty as usize)?.as_ref()
    }

    /// The one function of this name and type: C has many of the same name that only one file sees.
    pub(super) fn function(&self, name: &str, ty: &FuncType) -> Result<u32, String> {
        let named = self.names.get(name).map_or(&[][..], Vec::as_slice);
        let mut fitting = named
            .iter()
            .filter(|index| self.type_of(**index) == Some(ty));
        match (fitting.next(), fitting.next()) {
            (Some(index), None) => Ok(*index),
            (None, _) => Err(match named {
                [] => format!("there is no function `{name}`"),
                [index, ..] => {
                    let found = self.type_of(*index);
                    format!("`{name}` has the type {found:?}, expected {ty:?}")
                }
            }),
            _ => Err(format!("there are several functions `{name}` of that type")),
        }
    }

    /// `true` if there are initial data in a range of addresses.
    pub(super) fn has_data_in(&self, range: &Range<u32>) -> bool {
        self.data.iter().any(|(start, bytes)| {
            let end = u64::from(*start) + bytes.len() as u64;
            *start < range.end && end > range.start.into()
        })
    }

    /// The place in the module of `length` bytes of the initial memory at an address.
    pub(super) fn data_at(&self, address: u32, length: usize) -> Option<Range<usize>> {
        self.data.iter().find_map(|(start, bytes)| {
            let offset = address.checked_sub(*start)? as usize;
            let range = bytes.start + offset..bytes.start + offset + length;
            (range.end <= bytes.end).then_some(range)
        })
    }
}
