//! Putting the component together from its texts, `component.wat` and `tie.wat`, and its modules.
//!
//! The large parts are never text: they take the places of empty ones after the texts were
//! translated.

use super::types;
use crate::{Error, Result};
use std::fmt::Write;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{DataSection, Encode};
use wasmparser::{BinaryReader, Parser};

const COMPONENT: &str = include_str!("component.wat");
const TIE: &str = include_str!("tie.wat");

/// The identifier of a component's section that holds a core module.
const CORE_MODULE_SECTION: u8 = 1;

/// A core module without anything: eight bytes of header, perhaps with a name.
const EMPTY_MODULE_BYTES: usize = 64;

/// The parts of which a component is made.
pub(super) struct Content<'a> {
    pub(super) shim: &'a [u8],
    pub(super) python: &'a [u8],
    pub(super) pack: &'a [u8],
    pub(super) facts: String,
    pub(super) index: String,
    pub(super) imports: Imports,
    pub(super) without_exceptions: bool,
}

/// The imports of the interpreter: all of them are the shim's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Imports {
    /// WASI preview 1, and the door.
    Preview1,
    /// Whatever it may be, by the names of the shim's exports.
    Linked,
}

impl Imports {
    fn arguments(self) -> &'static str {
        match self {
            Self::Preview1 => {
                "(with \"wasi_snapshot_preview1\" (instance $s)) \
                 (with \"host\" (instance (export \"call\" (func $host-call))))"
            }
            Self::Linked => "(with \"shim\" (instance $s))",
        }
    }
}

/// The component.
pub(super) fn assemble(content: &Content<'_>) -> Result<Vec<u8>> {
    let tie = tie(content)?;
    let frame = parse(&component_text(content.imports)?)?;
    fill(
        &frame,
        &[&crate::snapshot::strip(content.shim)?, content.python, &tie],
    )
}

fn parse(text: &str) -> Result<Vec<u8>> {
    wat::parse_str(text).map_err(|error| Error::Package(format!("our own text: {error}")))
}

/// The module that ties the others together, with its data.
fn tie(content: &Content<'_>) -> Result<Vec<u8>> {
    let [tag, guard, guard_end, stop] = if content.without_exceptions {
        // Nothing unwinds: what ends the run ends the instance.
        ["", "", "", "(unreachable)"]
    } else {
        [
            "(tag $stop-tag)",
            "(block $stopped (return (try_table (result i32) (catch $stop-tag $stopped)",
            "))) (i32.const 0x80000000)",
            "(throw $stop-tag)",
        ]
    };
    let text = TIE
        .replace("{STOP_TAG}", tag)
        .replace("{GUARD_END}", guard_end)
        .replace("{GUARD}", guard)
        .replace("{STOP}", stop)
        .replace("{FACTS_LEN}", &content.facts.len().to_string())
        .replace("{INDEX_LEN}", &content.index.len().to_string());
    let wasm = crate::snapshot::strip(&parse(&text)?)?;
    let mut module = wasm_encoder::Module::new();
    WithData([
        content.pack,
        content.facts.as_bytes(),
        content.index.as_bytes(),
    ])
    .parse_core_module(&mut module, Parser::new(0), &wasm)
    .map_err(|error| Error::Package(format!("the tie: {error}")))?;
    Ok(module.finish())
}

/// Replaces the data segments.
struct WithData<'a>([&'a [u8]; 3]);

impl Reencode for WithData<'_> {
    type Error = std::convert::Infallible;

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: wasmparser::DataSectionReader<'_>,
    ) -> std::result::Result<(), reencode::Error<Self::Error>> {
        for bytes in self.0 {
            data.passive(bytes.iter().copied());
        }
        Ok(())
    }
}

/// The component's text with its types, which it needs in several forms.
fn component_text(imports_of_python: Imports) -> Result<String> {
    let (mut types, mut imports, mut exports, mut arguments) = Default::default();
    for (name, definition) in types::of_contract()? {
        let exported = definition.replace('$', "$x-");
        let add = |text: &mut String, line: String| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{line}");
        };
        add(&mut types, format!("(type ${name} {definition})"));
        add(
            &mut imports,
            format!(
                "(type $d-{name} {definition}) \
                 (import \"type-{name}\" (type ${name} (eq $d-{name})))"
            ),
        );
        add(
            &mut exports,
            format!(
                "(type $e-{name} {exported}) \
                 (export $x-{name} \"{name}\" (type ${name}) (type (eq $e-{name})))"
            ),
        );
        add(
            &mut arguments,
            format!("(with \"type-{name}\" (type ${name}))"),
        );
    }
    let text = COMPONENT
        .replace("{PYTHON_ARGUMENTS}", imports_of_python.arguments())
        .replace("{TYPES}", &types)
        .replace("{NAMED_IMPORTS}", &imports)
        .replace("{NAMED_EXPORTS}", &exports)
        .replace("{NAMED_ARGUMENTS}", &arguments);
    Ok(text)
}

/// Puts modules into the places of the empty ones, in their order.
pub(super) fn fill(frame: &[u8], modules: &[&[u8]]) -> Result<Vec<u8>> {
    let unreadable =
        |error: wasmparser::BinaryReaderError| Error::Package(format!("our own text: {error}"));
    let room = modules
        .iter()
        .map(|module| module.len() + 16)
        .sum::<usize>();
    let mut out = Vec::with_capacity(frame.len() + room);
    out.extend_from_slice(&frame[..8]);
    let mut reader = BinaryReader::new(&frame[8..], 8);
    let mut modules = modules.iter().copied();
    while !reader.eof() {
        let id = reader.read_u8().map_err(unreadable)?;
        let len = reader.read_var_u32().map_err(unreadable)?;
        let mut section = reader.read_bytes(len as usize).map_err(unreadable)?;
        if id == CORE_MODULE_SECTION && section.len() < EMPTY_MODULE_BYTES {
            let missing = || Error::Package("it has too many places for modules".to_owned());
            section = modules.next().ok_or_else(missing)?;
        }
        out.push(id);
        section.len().encode(&mut out);
        out.extend_from_slice(section);
    }
    match modules.next() {
        None => Ok(out),
        Some(_) => Err(Error::Package("a module found no place".to_owned())),
    }
}
