//! Applying the edits.

use super::edit::{self, CodeEdit, DataEdit};
use super::link::{self, Linked};
use super::module::Layout;
use super::{NATIVE, integers, stack, write};
use crate::{Digest, Error, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;
use wasmparser::{BinaryReader, FunctionBody};

/// All edits.
fn edits() -> (Vec<&'static CodeEdit>, Vec<&'static DataEdit>) {
    (
        integers::CODE.iter().chain(stack::CODE).collect(),
        integers::DATA.iter().collect(),
    )
}

/// The digest of all edits and of the native code: a part of the key of whatever is made from the edited
/// interpreter.
pub(crate) fn digest() -> Digest {
    let (code, data) = edits();
    Digest::of_parts([format!("{code:?}{data:?}").as_bytes(), NATIVE])
}

/// The interpreter with all edits and the native code, and without its custom sections.
///
/// # Errors
///
/// When it is not what an edit was made for.
pub(crate) fn apply(wasm: &[u8]) -> Result<Vec<u8>> {
    let (code, data) = edits();
    edited(wasm, &code, &data, Some(NATIVE))
}

fn edited(
    wasm: &[u8],
    code: &[&CodeEdit],
    data: &[&DataEdit],
    native: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let unreadable =
        |error: wasmparser::BinaryReaderError| Error::Refit(format!("not a module: {error}"));
    let layout = Layout::of(wasm).map_err(unreadable)?;
    let bodies = edited_bodies(wasm, &layout, code)?;
    let mut wasm = Cow::Borrowed(wasm);
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

    let linked = match native {
        Some(native) => link::link(&wasm, &layout, &bodies, native)?,
        None => Linked::default(),
    };
    write::module(&wasm, &layout, &bodies, &linked).map_err(unreadable)
}

/// The bodies that are edited, by their position.
fn edited_bodies(
    wasm: &[u8],
    layout: &Layout<'_>,
    edits: &[&CodeEdit],
) -> Result<BTreeMap<usize, Vec<u8>>> {
    let mut bodies: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for edit in edits {
        let CodeEdit {
            function, reason, ..
        } = edit;
        let fail = |found: &str| refused(function, reason, found);
        let missing = |name| fail(&format!("there is not one function `{name}`"));
        let old = edit::encode(edit.old, &layout.names).map_err(missing)?;
        let new = edit::encode(edit.new, &layout.names).map_err(missing)?;
        // Of functions of the same name, it is the one that has this code.
        let mut found = Vec::new();
        for position in layout.bodies(function) {
            let range = layout.ranges[position].clone();
            let body = bodies.get(&position).map_or(&wasm[range], Vec::as_slice);
            let (body, times) = replaced(body, &old, &new)
                .map_err(|error| fail(&format!("its code is not readable: {error}")))?;
            if times > 0 {
                found.push((position, body, times));
            }
        }
        match found.pop() {
            Some((position, body, times)) if found.is_empty() && times == edit.times => {
                bodies.insert(position, body);
            }
            last => {
                let times: usize = found.iter().chain(&last).map(|(.., times)| times).sum();
                let expected = edit.times;
                return Err(fail(&format!(
                    "what it replaces is there {times} times, expected {expected} in one function"
                )));
            }
        }
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

#[cfg(test)]
mod tests {
    use super::super::edit::Op;
    use super::*;

    const SEVEN: &CodeEdit = &CodeEdit {
        function: "chooses",
        old: &[Op::Number(7)],
        new: &[Op::Number(900)],
        times: 1,
        reason: "a test",
    };
    const LETTER: &DataEdit = &DataEdit {
        what: "LETTER",
        address: 17,
        old: b"l",
        new: b"q",
        reason: "a test",
    };

    fn module(constant: i32) -> Vec<u8> {
        wat::parse_str(format!(
            "(module (memory 1) (data (i32.const 16) \"ilk\")
                (func $other (result i32) (i32.const 7))
                (func $chooses (export \"chooses\") (result i32)
                    (i32.add (i32.const {constant}) (i32.load8_u (i32.const 17)))))"
        ))
        .unwrap()
    }

    fn answer(wasm: &[u8]) -> i32 {
        let engine = wasmtime::Engine::default();
        let module = wasmtime::Module::new(&engine, wasm).unwrap();
        let mut store = wasmtime::Store::new(&engine, ());
        let instance = wasmtime::Instance::new(&mut store, &module, &[]).unwrap();
        let chooses = instance
            .get_typed_func::<(), i32>(&mut store, "chooses")
            .unwrap();
        chooses.call(&mut store, ()).unwrap()
    }

    #[test]
    fn code_and_data_are_edited_and_names_go() {
        let before = module(7);
        assert_eq!(answer(&before), 7 + i32::from(b'l'));
        let after = edited(&before, &[SEVEN], &[LETTER], None).unwrap();
        assert_eq!(answer(&after), 900 + i32::from(b'q'));
        assert!(Layout::of(&after).unwrap().names.is_empty());
    }

    #[test]
    fn what_an_edit_does_not_expect_is_refused_and_named() {
        let refusal = |wasm: &[u8], code: &[&CodeEdit], data: &[&DataEdit]| {
            edited(wasm, code, data, None).unwrap_err().to_string()
        };
        let other = refusal(&module(8), &[SEVEN], &[]);
        assert!(other.contains("`chooses` (a test)"), "{other}");
        assert!(other.contains("0 times, expected 1"), "{other}");
        let gone = CodeEdit {
            function: "gone",
            ..*SEVEN
        };
        assert!(refusal(&module(7), &[&gone], &[]).contains("`gone`"));
        let data = DataEdit {
            old: b"x",
            ..*LETTER
        };
        assert!(refusal(&module(7), &[], &[&data]).contains("`LETTER`"));
        assert!(refusal(b"#!/bin/sh", &[], &[]).contains("not a module"));
    }

    #[test]
    fn only_whole_instructions_are_replaced() {
        // The number 16,705 is encoded with the bytes of `i32.const 1` in it.
        let wasm = module(0x41 | 1 << 7 | 1 << 14);
        let one = CodeEdit {
            old: &[Op::Number(1)],
            ..*SEVEN
        };
        assert!(edited(&wasm, &[&one], &[], None).is_err());
    }
}
