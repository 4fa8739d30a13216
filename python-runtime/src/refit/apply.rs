//! Applying the edits.

use super::edit::{self, CodeEdit, DataEdit};
use super::integers;
use super::module::Layout;
use crate::{Digest, Error, Result};
use std::collections::BTreeMap;
use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{BinaryReader, FunctionBody, Parser, Payload};

/// The identifiers of the sections that are made anew.
const CODE_SECTION: u8 = 10;

/// All edits.
fn edits() -> (Vec<&'static CodeEdit>, Vec<&'static DataEdit>) {
    (
        integers::CODE.iter().collect(),
        integers::DATA.iter().collect(),
    )
}

/// The digest of all edits: a part of the key of whatever is made from the edited interpreter.
pub(crate) fn digest() -> Digest {
    let (code, data) = edits();
    Digest::of(format!("{code:?}{data:?}").as_bytes())
}

/// The interpreter with all edits, and without its custom sections.
///
/// # Errors
///
/// When it is not what an edit was made for.
pub(crate) fn apply(wasm: &[u8]) -> Result<Vec<u8>> {
    let (code, data) = edits();
    edited(wasm, &code, &data)
}

fn edited(wasm: &[u8], code: &[&CodeEdit], data: &[&DataEdit]) -> Result<Vec<u8>> {
    let unreadable =
        |error: wasmparser::BinaryReaderError| Error::Refit(format!("not a module: {error}"));
    let layout = Layout::of(wasm).map_err(unreadable)?;
    let bodies = edited_bodies(wasm, &layout, code)?;
    let mut wasm = std::borrow::Cow::Borrowed(wasm);
    for edit in data {
        let range = layout.data_at(edit.address, edit.old.len());
        let (Some(range), true) = (range, edit.old.len() == edit.new.len()) else {
            return Err(refused(edit.what, edit.reason, "it is not in the data"));
        };
        if wasm[range.clone()] != *edit.old {
            let found = format!("found {:02x?}, expected {:02x?}", &wasm[range], edit.old);
            return Err(refused(edit.what, edit.reason, &found));
        }
        wasm.to_mut()[range].copy_from_slice(edit.new);
    }

    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        let payload = payload.map_err(unreadable)?;
        if let Payload::CodeSectionStart { .. } = payload {
            let mut section = CodeSection::new();
            for (position, range) in layout.bodies.iter().enumerate() {
                match bodies.get(&position) {
                    Some(body) => section.raw(body),
                    None => section.raw(&wasm[range.clone()]),
                };
            }
            module.section(&section);
            continue;
        }
        match payload.as_section() {
            // Custom sections are names (14 MB) and notes of the build.
            Some((0 | CODE_SECTION, _)) | None => {}
            Some((id, range)) => {
                module.section(&RawSection {
                    id,
                    data: &wasm[range],
                });
            }
        }
    }
    Ok(module.finish())
}

/// The bodies that are edited, by their position.
fn edited_bodies(
    wasm: &[u8],
    layout: &Layout<'_>,
    edits: &[&CodeEdit],
) -> Result<BTreeMap<usize, Vec<u8>>> {
    let mut bodies = BTreeMap::new();
    for edit in edits {
        let CodeEdit {
            function, reason, ..
        } = edit;
        let fail = |found: &str| refused(function, reason, found);
        let position = layout.body(function).map_err(|found| fail(&found))?;
        let missing = |name| fail(&format!("there is not one function `{name}`"));
        let old = edit::encode(edit.old, &layout.names).map_err(missing)?;
        let new = edit::encode(edit.new, &layout.names).map_err(missing)?;
        let range = layout.bodies.get(position).cloned();
        let range = range.ok_or_else(|| fail("it has no body"))?;
        let body = bodies
            .entry(position)
            .or_insert_with(|| wasm[range].to_vec());
        let (after, times) = replaced(body, &old, &new)
            .map_err(|error| fail(&format!("its code is not readable: {error}")))?;
        if times != edit.times {
            return Err(fail(&format!(
                "its code is there {times} times, expected {}",
                edit.times
            )));
        }
        *body = after;
    }
    Ok(bodies)
}

/// A body with every occurrence of some whole instructions replaced, and how many they were.
fn replaced(body: &[u8], old: &[u8], new: &[u8]) -> wasmparser::Result<(Vec<u8>, usize)> {
    let function = FunctionBody::new(BinaryReader::new(body, 0));
    let mut operators = function.get_operators_reader()?;
    let mut starts = Vec::new();
    while !operators.eof() {
        starts.push(operators.original_position());
        operators.read()?;
    }
    starts.push(operators.original_position());
    let is_start = |offset: usize| starts.binary_search(&offset).is_ok();

    let (mut out, mut done, mut times) = (Vec::with_capacity(body.len()), 0, 0);
    for &start in &starts {
        let end = start + old.len();
        if start >= done && body.get(start..end) == Some(old) && is_start(end) {
            out.extend_from_slice(&body[done..start]);
            out.extend_from_slice(new);
            (done, times) = (end, times + 1);
        }
    }
    out.extend_from_slice(&body[done..]);
    Ok((out, times))
}

fn refused(what: &str, reason: &str, found: &str) -> Error {
    Error::Refit(format!("`{what}` ({reason}): {found}"))
}
