//! The interpreter with other bodies, and with what is linked into it.

use super::link::Linked;
use super::module::Layout;
use super::placement;
use std::collections::BTreeMap;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, Encode, ExportKind,
    ExportSection, Module, RawSection, TableSection,
};
use wasmparser::{BinaryReader, Parser, Payload};

/// Section numbers.
mod id {
    pub(super) const TYPE: u8 = 1;
    pub(super) const FUNCTION: u8 = 3;
    pub(super) const TABLE: u8 = 4;
    pub(super) const EXPORT: u8 = 7;
    pub(super) const ELEMENT: u8 = 9;
    pub(super) const CODE: u8 = 10;
    pub(super) const DATA: u8 = 11;
    pub(super) const DATA_COUNT: u8 = 12;
}

/// Writes the module anew, without its custom sections: names (14 MB) and notes of the build.
pub(super) fn module(
    wasm: &[u8],
    layout: &Layout<'_>,
    bodies: &BTreeMap<usize, Vec<u8>>,
    linked: &Linked<'_>,
) -> wasmparser::Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CodeSectionStart { .. } = payload {
            module.section(&code(wasm, layout, bodies, linked));
            continue;
        }
        let (id, range) = match payload.as_section() {
            Some((0 | id::CODE, _)) | None => continue,
            Some(section) => section,
        };
        let old = &wasm[range];
        let data = match id {
            id::TYPE => extended(old, linked.types.len(), |data| {
                data.extend(linked.types.iter().flatten());
                Ok(())
            })?,
            id::FUNCTION => extended(old, linked.functions.len(), |data| {
                linked.functions.iter().for_each(|ty| ty.encode(data));
                Ok(())
            })?,
            id::TABLE if !linked.elements.is_empty() => table(layout, linked),
            id::EXPORT => extended(old, linked.exports.len(), |data| {
                let mut exports = ExportSection::new();
                for (name, index) in &linked.exports {
                    exports.export(name, ExportKind::Func, *index);
                }
                data.extend(without_count(&exports)?);
                Ok(())
            })?,
            id::ELEMENT => extended(old, usize::from(!linked.elements.is_empty()), |data| {
                let mut segments = ElementSection::new();
                let place = ConstExpr::i32_const(placement::TABLE_BASE.cast_signed());
                let functions = Elements::Functions((&linked.elements[..]).into());
                segments.active(None, &place, functions);
                data.extend(without_count(&segments)?);
                Ok(())
            })?,
            id::DATA => extended(old, linked.data.len(), |data| {
                let mut segments = DataSection::new();
                for (place, bytes) in &linked.data {
                    let place = ConstExpr::i32_const(place.cast_signed());
                    segments.active(0, &place, bytes.iter().copied());
                }
                data.extend(without_count(&segments)?);
                Ok(())
            })?,
            // Instructions name segments by number only where this section is.
            id::DATA_COUNT => {
                let mut data = Vec::new();
                let count = BinaryReader::new(old, 0).read_var_u32()? as usize;
                (count + linked.data.len()).encode(&mut data);
                data
            }
            _ => old.to_vec(),
        };
        module.section(&RawSection { id, data: &data });
    }
    Ok(module.finish())
}

fn code(
    wasm: &[u8],
    layout: &Layout<'_>,
    bodies: &BTreeMap<usize, Vec<u8>>,
    linked: &Linked<'_>,
) -> CodeSection {
    let mut section = CodeSection::new();
    for (position, range) in layout.ranges.iter().enumerate() {
        match linked
            .replaced
            .get(&position)
            .or_else(|| bodies.get(&position))
        {
            Some(body) => section.raw(body),
            None => section.raw(&wasm[range.clone()]),
        };
    }
    for body in &linked.bodies {
        section.raw(body);
    }
    section
}

/// The table with room for all elements: it cannot grow, and has no more.
fn table(layout: &Layout<'_>, linked: &Linked<'_>) -> Vec<u8> {
    let elements = layout.table_elements + linked.elements.len() as u64;
    let mut section = TableSection::new();
    section.table(wasm_encoder::TableType {
        element_type: wasm_encoder::RefType::FUNCREF,
        table64: false,
        minimum: elements,
        maximum: Some(elements),
        shared: false,
    });
    content(&section)
}

/// A section that is a list, with as many more items at its end as `write` writes.
fn extended(
    old: &[u8],
    more: usize,
    write: impl FnOnce(&mut Vec<u8>) -> wasmparser::Result<()>,
) -> wasmparser::Result<Vec<u8>> {
    let mut reader = BinaryReader::new(old, 0);
    let count = reader.read_var_u32()? as usize;
    let mut data = Vec::with_capacity(old.len() + 16);
    (count + more).encode(&mut data);
    data.extend_from_slice(&old[reader.original_position()..]);
    if more > 0 {
        write(&mut data)?;
    }
    Ok(data)
}

/// The content of a section of the encoder's, without its length.
fn content(section: &impl Encode) -> Vec<u8> {
    let mut bytes = Vec::new();
    section.encode(&mut bytes);
    let start = bytes
        .iter()
        .position(|byte| *byte < 0x80)
        .map_or(0, |last| last + 1);
    bytes.split_off(start)
}

/// The items of a section of the encoder's that is a list.
fn without_count(section: &impl Encode) -> wasmparser::Result<Vec<u8>> {
    let content = content(section);
    let mut reader = BinaryReader::new(&content, 0);
    reader.read_var_u32()?;
    Ok(content[reader.original_position()..].to_vec())
}
