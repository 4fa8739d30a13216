//! The interpreter's functions by name, and its data by address.

use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{DataKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// Where things are in the bytes of a module.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    /// The indices of the functions that have a name.
    pub(super) names: BTreeMap<&'a str, Vec<u32>>,
    /// How many functions are imported: indices count them first.
    pub(super) imported: u32,
    /// The functions' bodies, without their sizes.
    pub(super) ranges: Vec<Range<usize>>,
    /// The data: address and bytes.
    data: Vec<(u32, Range<usize>)>,
}

impl<'a> Layout<'a> {
    /// Reads the layout of a module.
    pub(super) fn of(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut layout = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        layout.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
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

    /// Where in the module `length` bytes of the initial memory at an address are.
    pub(super) fn data_at(&self, address: u32, length: usize) -> Option<Range<usize>> {
        self.data.iter().find_map(|(start, bytes)| {
            let offset = address.checked_sub(*start)? as usize;
            let range = bytes.start + offset..bytes.start + offset + length;
            (range.end <= bytes.end).then_some(range)
        })
    }
}
