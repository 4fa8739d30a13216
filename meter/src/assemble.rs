//! Putting the module together again: sections are copied, those that gain an entry have it
//! appended, and the code section is built from the new bodies.

use std::collections::BTreeSet;

use wasm_encoder::{
    ConstExpr, Encode, ExportKind, Function, GlobalType, MemoryType, RawSection, SectionId,
    TagKind, TagType, ValType,
};

use crate::{
    bulk::{HELPER_PARAMETERS, Helper},
    checks::{Checks, SlowPathIndex},
    error::{MeterError, Result},
    module::{Module, Section, index},
    options::{CustomSections, Options, SlowPath, StopTag},
    rewrite::Rewritten,
};

/// What is added to a module besides code.
pub(crate) struct Additions<'o> {
    options: &'o Options,
    /// Most checks.
    pub checks: Checks,
    /// Those at instructions which the engine executes by functions of its own. They look at the
    /// floor also where a run is stopped by sending it to the stop function.
    pub watchful: Checks,
    helpers: BTreeSet<Helper>,
}

impl<'o> Additions<'o> {
    /// Decides on indices, and checks that names are free and imports exist.
    pub(crate) fn new(
        module: &Module<'_>,
        options: &'o Options,
        helpers: BTreeSet<Helper>,
    ) -> Result<Self> {
        let mut names: Vec<&String> = vec![&options.fuel];
        names.extend(&options.floor);
        names.extend(&options.stop);
        if let SlowPath::Throw(StopTag::Define { export }) = &options.slow_path {
            names.push(export);
        }
        names_are_free(module, &names)?;
        let fuel = module.globals();
        let floor = options.floor.as_ref().map(|_| index(module.memories.len()));
        let slow_path = slow_path(module, &options.slow_path)?;
        let watchful = Checks {
            fuel,
            floor,
            slow_path,
        };
        let checks = Checks {
            floor: floor.filter(|_| options.stop.is_none()),
            ..watchful
        };
        Ok(Self {
            options,
            checks,
            watchful,
            helpers,
        })
    }

    pub(crate) fn helpers(&self) -> &BTreeSet<Helper> {
        &self.helpers
    }

    /// The tag that is to be defined, by the name it is exported under.
    fn defined_tag(&self) -> Option<&'o str> {
        match &self.options.slow_path {
            SlowPath::Throw(StopTag::Define { export }) => Some(export),
            _ => None,
        }
    }

    /// Builds the new module.
    pub(crate) fn assemble(&self, module: &Module<'_>, bodies: &[Rewritten]) -> Vec<u8> {
        let mut out = Vec::with_capacity(module.bytes.len() + module.bytes.len() / 8);
        out.extend_from_slice(&wasm_encoder::Module::HEADER);
        let types = self.types(module);
        for id in SECTION_ORDER {
            let old = module
                .sections
                .iter()
                .find(|section| section.id == id as u8);
            let old = old.map(|section| &module.bytes[section.range.clone()]);
            let added = match id {
                SectionId::Type => types.added.clone(),
                SectionId::Function => self.functions(&types),
                SectionId::Memory => self.floor().into_iter().collect(),
                SectionId::Tag => self.tag(&types).into_iter().collect(),
                SectionId::Global => vec![self.fuel()],
                SectionId::Export => self.exports(module),
                SectionId::Code => {
                    self.code(module, bodies, &mut out);
                    continue;
                }
                _ => Vec::new(),
            };
            match old {
                Some(old) if added.is_empty() => append_section(&mut out, id, old),
                Some(old) => append_section(&mut out, id, &extended(old, &added)),
                None if added.is_empty() => {}
                None => append_section(&mut out, id, &extended(&[0], &added)),
            }
        }
        if self.options.custom_sections == CustomSections::Keep {
            let custom = module.sections.iter().filter(|section| section.id == 0);
            for section in custom.filter(|section| stays_true(module, section)) {
                let contents = &module.bytes[section.range.clone()];
                append_section(&mut out, SectionId::Custom, contents);
            }
        }
        out
    }

    fn types(&self, module: &Module<'_>) -> Types {
        let mut types = Types {
            added: Vec::new(),
            helper: 0,
            nothing: 0,
        };
        let next = index(module.types.len());
        let mut find_or_add = |parameters: &[ValType]| {
            let found = module.types.iter().position(|ty| {
                ty.results().is_empty()
                    && ty.params().len() == parameters.len()
                    && ty.params().iter().all(|ty| *ty == wasmparser::ValType::I32)
            });
            found.map(index).unwrap_or_else(|| {
                let mut section = wasm_encoder::TypeSection::new();
                section.ty().function(parameters.iter().copied(), []);
                types.added.push(entry_of(&section));
                next + index(types.added.len()) - 1
            })
        };
        let helper = if self.helpers.is_empty() {
            0
        } else {
            find_or_add(&HELPER_PARAMETERS)
        };
        let nothing = if self.defined_tag().is_some() || self.options.stop.is_some() {
            find_or_add(&[])
        } else {
            0
        };
        Types {
            helper,
            nothing,
            ..types
        }
    }

    /// The types of the functions that are added, in the order of [`Self::code`].
    fn functions(&self, types: &Types) -> Vec<Vec<u8>> {
        let helpers = self.helpers.iter().map(|_| bytes(&types.helper));
        let stop = self.options.stop.iter().map(|_| bytes(&types.nothing));
        helpers.chain(stop).collect()
    }

    fn floor(&self) -> Option<Vec<u8>> {
        self.watchful.floor.map(|_| {
            let mut section = wasm_encoder::MemorySection::new();
            section.memory(MemoryType {
                minimum: 1,
                maximum: Some(1),
                memory64: false,
                shared: false,
                page_size_log2: None,
            });
            entry_of(&section)
        })
    }

    fn tag(&self, types: &Types) -> Option<Vec<u8>> {
        self.defined_tag().map(|_| {
            let mut section = wasm_encoder::TagSection::new();
            section.tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: types.nothing,
            });
            entry_of(&section)
        })
    }

    fn fuel(&self) -> Vec<u8> {
        let mut section = wasm_encoder::GlobalSection::new();
        let ty = GlobalType {
            val_type: ValType::I64,
            mutable: true,
            shared: false,
        };
        section.global(
            ty,
            &ConstExpr::i64_const(i64::from(self.options.initial_fuel)),
        );
        entry_of(&section)
    }

    fn exports(&self, module: &Module<'_>) -> Vec<Vec<u8>> {
        let export = |name: &str, kind, index| {
            let mut section = wasm_encoder::ExportSection::new();
            section.export(name, kind, index);
            entry_of(&section)
        };
        let mut exports = vec![export(
            &self.options.fuel,
            ExportKind::Global,
            self.checks.fuel,
        )];
        if let (Some(name), Some(memory)) = (&self.options.floor, self.watchful.floor) {
            exports.push(export(name, ExportKind::Memory, memory));
        }
        if let Some(name) = &self.options.stop {
            let stop = module.functions.len() + self.helpers.len();
            exports.push(export(name, ExportKind::Func, index(stop)));
        }
        if let Some(name) = self.defined_tag() {
            exports.push(export(name, ExportKind::Tag, index(module.tags.len())));
        }
        exports
    }

    fn code(&self, module: &Module<'_>, bodies: &[Rewritten], out: &mut Vec<u8>) {
        let mut added: Vec<Vec<u8>> = (self.helpers.iter())
            .map(|helper| helper.function(&self.watchful).into_raw_body())
            .collect();
        added.extend(self.options.stop.iter().map(|_| stop_function()));
        let all = || {
            let own = module
                .bodies
                .iter()
                .zip(bodies)
                .map(|(old, new)| match &new.body {
                    Some(body) => body.as_slice(),
                    None => old.as_bytes(),
                });
            own.chain(added.iter().map(Vec::as_slice))
        };
        let count = bytes(&index(all().count()));
        let size = all()
            .map(|body| bytes(&body.len()).len() + body.len())
            .sum::<usize>();
        if size == 0 {
            return;
        }
        out.push(SectionId::Code as u8);
        (count.len() + size).encode(out);
        out.extend_from_slice(&count);
        for body in all() {
            body.encode(out);
        }
    }
}

/// The body of the stop function.
fn stop_function() -> Vec<u8> {
    let mut function = Function::new([]);
    function.instructions().unreachable().end();
    function.into_raw_body()
}

/// Sections other than custom ones, in the order they have to be in.
const SECTION_ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// The types that additions need.
struct Types {
    added: Vec<Vec<u8>>,
    /// The index of the helpers' type.
    helper: u32,
    /// The index of the type without parameters and results.
    nothing: u32,
}

/// Checks that names are neither exported already nor given twice.
fn names_are_free(module: &Module<'_>, names: &[&String]) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
        if module.export(name).is_some() || names[..index].contains(name) {
            return Err(MeterError::ExportTaken {
                name: (*name).clone(),
            });
        }
    }
    Ok(())
}

/// Finds the tag or the function of the slow path.
fn slow_path(module: &Module<'_>, slow_path: &SlowPath) -> Result<SlowPathIndex> {
    let (kind, imports, name, from) = match slow_path {
        SlowPath::Trap => return Ok(SlowPathIndex::Trap),
        SlowPath::Throw(StopTag::Define { .. }) => {
            return Ok(SlowPathIndex::Throw(index(module.tags.len())));
        }
        SlowPath::Throw(StopTag::Import { module: from, name }) => {
            ("tag", &module.imported_tags, name, from)
        }
        SlowPath::Call { module: from, name } => {
            ("function", &module.imported_functions, name, from)
        }
    };
    let found = imports
        .iter()
        .find(|import| import.module == from && import.name == name);
    let Some(import) = found else {
        return Err(MeterError::MissingImport {
            kind,
            module: from.clone(),
            name: name.clone(),
        });
    };
    let (ty, index) = match kind {
        "tag" => (
            module.tags[import.index as usize],
            SlowPathIndex::Throw(import.index),
        ),
        _ => (
            module.functions[import.index as usize],
            SlowPathIndex::Call(import.index),
        ),
    };
    let ty = &module.types[ty as usize];
    if !ty.params().is_empty() || !ty.results().is_empty() {
        return Err(MeterError::SlowPathSignature {
            kind,
            name: name.clone(),
        });
    }
    Ok(index)
}

/// `true` if a custom section still fits after the pass.
fn stays_true(module: &Module<'_>, section: &Section) -> bool {
    let contents = &module.bytes[section.range.clone()];
    let reader = wasmparser::BinaryReader::new(contents, section.range.start);
    let name = wasmparser::CustomSectionReader::new(reader).map(|section| section.name());
    matches!(name, Ok("name" | "producers" | "target_features"))
}

/// Appends a section.
fn append_section(out: &mut Vec<u8>, id: SectionId, contents: &[u8]) {
    out.push(id as u8);
    RawSection {
        id: id as u8,
        data: contents,
    }
    .encode(out);
}

/// A section's contents, which start with the number of entries, with more entries.
fn extended(contents: &[u8], added: &[Vec<u8>]) -> Vec<u8> {
    let (count, entries) = split_count(contents);
    let mut extended = bytes(&(count + index(added.len())));
    extended.extend_from_slice(entries);
    for entry in added {
        extended.extend_from_slice(entry);
    }
    extended
}

/// The only entry of a section that was built with one.
fn entry_of(section: &impl Encode) -> Vec<u8> {
    let section = bytes(section);
    // The section's size comes first.
    let (_, contents) = split_count(&section);
    split_count(contents).1.to_vec()
}

/// Takes the number off the front of a section's contents. The contents are valid, so there is one.
fn split_count(contents: &[u8]) -> (u32, &[u8]) {
    let mut reader = wasmparser::BinaryReader::new(contents, 0);
    let count = reader.read_var_u32().unwrap_or(0);
    (
        count,
        contents
            .get(reader.current_position()..)
            .unwrap_or_default(),
    )
}

fn bytes(value: &impl Encode) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}
