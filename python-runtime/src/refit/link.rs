//! Linking native code into the interpreter, function by function, by name.
//!
//! The interpreter's functions keep their indices and their elements of the table: new ones come after
//! them. A function that is replaced keeps its index, too, and so whoever calls it calls the new one;
//! what it was gets a new index, if the new one wants to call it.

use super::module::Layout;
use super::object::Object;
use super::placement::{self, INTERPRETER, ORIGINAL, REPLACES};
use crate::{Error, Result};
use std::collections::BTreeMap;
use wasm_encoder::Instruction;
use wasm_encoder::reencode::{self, Reencode};
use wasmparser::{BinaryReader, FuncType, FunctionBody, Operator, ValType};

/// The changes to the interpreter.
#[derive(Debug, Default)]
pub(super) struct Linked<'a> {
    /// New types, as they are encoded.
    pub(super) types: Vec<Vec<u8>>,
    /// The types of new functions.
    pub(super) functions: Vec<u32>,
    /// Bodies of new functions.
    pub(super) bodies: Vec<Vec<u8>>,
    /// Other bodies for functions that are there, by position.
    pub(super) replaced: BTreeMap<usize, Vec<u8>>,
    /// New elements of the table.
    pub(super) elements: Vec<u32>,
    /// New exports.
    pub(super) exports: Vec<(&'a str, u32)>,
    /// New data.
    pub(super) data: Vec<(u32, &'a [u8])>,
}

/// Links `native` into the interpreter that has this layout. `wasm` is the interpreter, and `edited` says
/// which of its bodies are edited otherwise.
///
/// # Errors
///
/// When the one lacks what the other needs.
pub(super) fn link<'a>(
    wasm: &[u8],
    layout: &Layout<'_>,
    edited: &BTreeMap<usize, Vec<u8>>,
    native: &'a [u8],
) -> Result<Linked<'a>> {
    let object = Object::of(native)?;
    check_places(layout)?;
    let mut linked = Linked {
        data: object.data.clone(),
        ..Linked::default()
    };
    let types = object
        .types
        .iter()
        .map(|ty| linked.type_index(layout, ty))
        .collect::<Result<Vec<u32>>>()?;

    // Of functions that are replaced: which one it is that replaces them, and their positions.
    let mut places = BTreeMap::new();
    for (name, function) in &object.exports {
        if let Some(name) = name.strip_prefix(REPLACES) {
            let index = layout
                .function(name, type_of(&object, *function)?)
                .map_err(refused)?;
            let position = index
                .checked_sub(layout.imported)
                .map(|index| index as usize);
            let Some(position) = position.filter(|position| !edited.contains_key(position)) else {
                return Err(refused(format!("`{name}` is imported or edited")));
            };
            if places.insert(*function, (index, position)).is_some() {
                return Err(refused(format!(
                    "what replaces `{name}` replaces others, too"
                )));
            }
        }
    }

    let mut functions = Vec::new();
    for (module, name, ty) in &object.imports {
        let index = layout
            .function(name, &object.types[*ty as usize])
            .map_err(refused)?;
        functions.push(match *module {
            INTERPRETER => index,
            ORIGINAL => {
                let Some((_, position)) = places.values().find(|(place, _)| *place == index) else {
                    return Err(refused(format!("`{name}` is not replaced")));
                };
                let body = wasm[layout.ranges[*position].clone()].to_vec();
                linked.add(layout, layout.functions[index as usize], body)
            }
            other => {
                return Err(refused(format!(
                    "`{name}` would have to come from `{other}`"
                )));
            }
        });
    }
    let imported = functions.len();
    for (position, ty) in object.functions.iter().enumerate() {
        let place = places.get(&u32_of(imported + position)?);
        functions.push(match place {
            Some((index, _)) => *index,
            // The body follows when all indices are known.
            None => linked.add(layout, types[*ty as usize], Vec::new()),
        });
    }

    let mut renumbering = Renumbering {
        functions: &functions,
        types: &types,
        constants: &object.constants,
        stack_pointer: layout.stack_pointer,
    };
    let first_new = u32_of(layout.functions.len())?;
    for (range, index) in object.bodies.iter().zip(&functions[imported..]) {
        let body = renumbering.body(&native[range.clone()])?;
        match index.checked_sub(first_new) {
            Some(new) => linked.bodies[new as usize] = body,
            None => {
                let position = (index - layout.imported) as usize;
                linked.replaced.insert(position, body);
            }
        }
    }
    let index_of = |function: &u32| functions[*function as usize];
    linked.elements = object.elements.iter().map(index_of).collect();
    linked.exports = object
        .exports
        .iter()
        .filter(|(name, _)| !name.starts_with(REPLACES))
        .map(|(name, function)| (*name, index_of(function)))
        .collect();
    Ok(linked)
}

impl Linked<'_> {
    /// The interpreter's index of a type, which is added if it has none.
    fn type_index(&mut self, layout: &Layout<'_>, ty: &FuncType) -> Result<u32> {
        let known = layout
            .types
            .iter()
            .position(|known| known.as_ref() == Some(ty));
        if let Some(index) = known {
            return u32_of(index);
        }
        let mut bytes = vec![0x60];
        for types in [ty.params(), ty.results()] {
            // Far fewer than 128 parameters.
            bytes.push(types.len() as u8);
            for ty in types {
                bytes.push(match ty {
                    ValType::I32 => 0x7f,
                    ValType::I64 => 0x7e,
                    ValType::F32 => 0x7d,
                    ValType::F64 => 0x7c,
                    ValType::V128 => 0x7b,
                    ValType::Ref(_) => return Err(refused("it passes references".to_owned())),
                });
            }
        }
        self.types.push(bytes);
        u32_of(layout.types.len() + self.types.len() - 1)
    }

    /// Adds a function; returns its index.
    fn add(&mut self, layout: &Layout<'_>, ty: u32, body: Vec<u8>) -> u32 {
        self.functions.push(ty);
        self.bodies.push(body);
        // There are not four billion functions.
        (layout.functions.len() + self.functions.len() - 1) as u32
    }
}

/// Checks that the places for native code are free.
fn check_places(layout: &Layout<'_>) -> Result<()> {
    let found = layout.table_elements;
    if found != u64::from(placement::TABLE_BASE) {
        let expected = placement::TABLE_BASE;
        return Err(refused(format!(
            "the table has {found} elements, expected {expected}"
        )));
    }
    // A section that is not there is not extended.
    if layout.data.is_empty() {
        return Err(refused("the interpreter has no data".to_owned()));
    }
    if layout.has_data_in(&placement::DATA) {
        return Err(refused(
            "something else is where its data would be".to_owned(),
        ));
    }
    Ok(())
}

fn type_of<'a>(object: &'a Object<'_>, function: u32) -> Result<&'a FuncType> {
    let own = (function as usize).checked_sub(object.imports.len());
    own.and_then(|own| object.functions.get(own))
        .and_then(|ty| object.types.get(*ty as usize))
        .ok_or_else(|| refused("it exports what it imports".to_owned()))
}

fn u32_of(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| refused("there are too many functions".to_owned()))
}

fn refused(what: String) -> Error {
    Error::Refit(format!("linking native code: {what}"))
}

/// From the indices of the native module to those of the interpreter.
struct Renumbering<'a> {
    functions: &'a [u32],
    types: &'a [u32],
    constants: &'a [Option<u32>],
    stack_pointer: Option<u32>,
}

impl Renumbering<'_> {
    /// A body with the interpreter's indices.
    fn body(&mut self, body: &[u8]) -> Result<Vec<u8>> {
        let unreadable = |error: reencode::Error<String>| refused(format!("its code: {error}"));
        let body = FunctionBody::new(BinaryReader::new(body, 0));
        let mut function = self
            .new_function_with_parsed_locals(&body)
            .map_err(unreadable)?;
        let mut operators = body
            .get_operators_reader()
            .map_err(|error| unreadable(error.into()))?;
        while !operators.eof() {
            let instruction = self.parse_instruction(&mut operators).map_err(unreadable)?;
            function.instruction(&instruction);
        }
        Ok(function.into_raw_body())
    }
}

impl Reencode for Renumbering<'_> {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<String>> {
        let index = self.functions.get(function as usize).copied();
        index.ok_or_else(|| reencode::Error::UserError(format!("function {function}")))
    }

    fn type_index(&mut self, ty: u32) -> Result<u32, reencode::Error<String>> {
        let index = self.types.get(ty as usize).copied();
        index.ok_or_else(|| reencode::Error::UserError(format!("type {ty}")))
    }

    fn instruction<'a>(
        &mut self,
        operator: Operator<'a>,
    ) -> Result<Instruction<'a>, reencode::Error<String>> {
        if let Operator::GlobalGet { global_index } = operator
            && let Some(Some(value)) = self.constants.get(global_index as usize)
        {
            return Ok(Instruction::I32Const(value.cast_signed()));
        }
        reencode::utils::instruction(self, operator)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, reencode::Error<String>> {
        self.stack_pointer
            .filter(|_| global == 0)
            .ok_or_else(|| reencode::Error::UserError(format!("global {global}")))
    }
}

#[cfg(test)]
mod tests;
