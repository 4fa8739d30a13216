//! Putting the module together again: sections are copied, those that gain an entry have it
//! appended, and the code section is built from the new bodies.

use wasm_encoder::{
    ConstExpr, Encode, ExportKind, Function, GlobalType, MemoryType, RawSection, RefType,
    SectionId, TableType, TagKind, TagType, ValType,
};

use crate::{
    additions::Additions,
    bulk::HELPER_PARAMETERS,
    functions,
    module::{Module, Section, index},
    options::CustomSections,
    rewrite::Rewritten,
};

/// Builds the new module.
pub(crate) fn assemble(
    additions: &Additions<'_>,
    module: &Module<'_>,
    bodies: &[Rewritten],
) -> Vec<u8> {
    let new = New {
        additions,
        module,
        types: Types::find_or_add(additions, module),
    };
    let mut out = Vec::with_capacity(module.bytes.len() + module.bytes.len() / 8);
    out.extend_from_slice(&wasm_encoder::Module::HEADER);
    for id in SECTION_ORDER {
        let old = module
            .sections
            .iter()
            .find(|section| section.id == id as u8);
        let mut old = old.map(|section| &module.bytes[section.range.clone()]);
        let added = match id {
            SectionId::Type => new.types.added.clone(),
            SectionId::Function => new.functions(),
            SectionId::Table => new.hook().into_iter().collect(),
            SectionId::Memory => {
                let limited = new.limited_memory();
                if limited.is_some() {
                    old = None;
                }
                limited.into_iter().chain(new.floor()).collect()
            }
            SectionId::Tag => new.tag().into_iter().collect(),
            SectionId::Global => new.globals(),
            SectionId::Export => new.exports(),
            SectionId::Code => {
                new.code(bodies, &mut out);
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
    if additions.options.custom_sections == CustomSections::Keep {
        let custom = module.sections.iter().filter(|section| section.id == 0);
        for section in custom.filter(|section| stays_true(module, section)) {
            let contents = &module.bytes[section.range.clone()];
            append_section(&mut out, SectionId::Custom, contents);
        }
    }
    out
}

/// The new entries of every section.
struct New<'n, 'o, 'a> {
    additions: &'n Additions<'o>,
    module: &'n Module<'a>,
    types: Types,
}

impl New<'_, '_, '_> {
    /// The types of the functions that are added, in the order of [`Self::code`].
    fn functions(&self) -> Vec<Vec<u8>> {
        let Types {
            helper,
            clamp,
            nothing,
            ..
        } = &self.types;
        let helpers = self.additions.helpers.iter().map(|_| bytes(helper));
        let clamp = self.additions.clamp().map(|_| bytes(clamp));
        let ask = self.additions.hook().map(|_| bytes(nothing));
        let stop = self.additions.options.stop.as_ref().map(|_| bytes(nothing));
        helpers.chain(clamp).chain(ask).chain(stop).collect()
    }

    /// The module's memory with a maximum, if it is limited: it is then the only one.
    fn limited_memory(&self) -> Option<Vec<u8>> {
        let limit = self.additions.options.memory.as_ref()?;
        let memory = self.module.memories.first()?;
        let maximum = u64::from(limit.maximum);
        Some(memory_entry(
            memory.initial,
            memory.maximum.map_or(maximum, |own| own.min(maximum)),
        ))
    }

    fn floor(&self) -> Option<Vec<u8>> {
        self.additions.watchful.floor.map(|_| memory_entry(1, 1))
    }

    fn hook(&self) -> Option<Vec<u8>> {
        self.additions.hook().map(|_| {
            let mut section = wasm_encoder::TableSection::new();
            section.table(TableType {
                element_type: RefType::FUNCREF,
                table64: false,
                minimum: 1,
                maximum: Some(1),
                shared: false,
            });
            entry_of(&section)
        })
    }

    fn tag(&self) -> Option<Vec<u8>> {
        self.additions.defined_tag().map(|_| {
            let mut section = wasm_encoder::TagSection::new();
            section.tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: self.types.nothing,
            });
            entry_of(&section)
        })
    }

    fn globals(&self) -> Vec<Vec<u8>> {
        let global = |val_type, init: ConstExpr| {
            let mut section = wasm_encoder::GlobalSection::new();
            let ty = GlobalType {
                val_type,
                mutable: true,
                shared: false,
            };
            section.global(ty, &init);
            entry_of(&section)
        };
        let options = self.additions.options;
        let fuel = ConstExpr::i64_const(i64::from(options.initial_fuel));
        let mut globals = vec![global(ValType::I64, fuel)];
        if options.memory.is_some() {
            // Nothing grows until the limit is set.
            globals.extend([(); 2].map(|()| global(ValType::I32, ConstExpr::i32_const(0))));
        }
        globals
    }

    fn exports(&self) -> Vec<Vec<u8>> {
        let export = |name: &str, kind, index| {
            let mut section = wasm_encoder::ExportSection::new();
            section.export(name, kind, index);
            entry_of(&section)
        };
        let additions = self.additions;
        let options = additions.options;
        let fuel = additions.checks.fuel;
        let mut exports = vec![export(&options.fuel, ExportKind::Global, fuel)];
        if let (Some(name), Some(memory)) = (&options.floor, additions.watchful.floor) {
            exports.push(export(name, ExportKind::Memory, memory));
        }
        if let Some(limit) = &options.memory {
            let pages = additions.pages();
            exports.push(export(&limit.pages, ExportKind::Global, pages));
            exports.push(export(&limit.refused, ExportKind::Global, pages + 1));
        }
        if let Some(name) = additions.hook() {
            let table = index(self.module.tables.len());
            exports.push(export(name, ExportKind::Table, table));
        }
        if let Some(name) = &options.stop {
            exports.push(export(name, ExportKind::Func, additions.stop()));
        }
        if let Some(name) = additions.defined_tag() {
            let tag = index(self.module.tags.len());
            exports.push(export(name, ExportKind::Tag, tag));
        }
        exports
    }

    fn code(&self, bodies: &[Rewritten], out: &mut Vec<u8>) {
        let additions = self.additions;
        let helpers = (additions.helpers.iter()).map(|helper| helper.function(&additions.watchful));
        let clamp =
            (additions.clamp()).map(|_| functions::clamp(additions.pages(), additions.pages() + 1));
        let ask = additions.hook().map(|_| {
            let hook = index(self.module.tables.len());
            functions::ask(additions.checks.fuel, hook, self.types.nothing)
        });
        let stop = additions.options.stop.as_ref().map(|_| functions::stop());
        let added: Vec<Vec<u8>> = (helpers.chain(clamp).chain(ask).chain(stop))
            .map(Function::into_raw_body)
            .collect();
        let all = || {
            let own = (self.module.bodies.iter().zip(bodies)).map(|(old, new)| match &new.body {
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

/// The types that additions need. Those that are not needed are zero.
#[derive(Default)]
struct Types {
    added: Vec<Vec<u8>>,
    /// The index of the helpers' type.
    helper: u32,
    /// The index of the type of what limits memory.
    clamp: u32,
    /// The index of the type without parameters and results.
    nothing: u32,
}

impl Types {
    fn find_or_add(additions: &Additions<'_>, module: &Module<'_>) -> Self {
        let mut types = Self::default();
        let mut find_or_add = |parameters: &[ValType], results: &[ValType]| {
            let is_i32 = |ty: &wasmparser::ValType| *ty == wasmparser::ValType::I32;
            let found = module.types.iter().position(|ty| {
                (ty.params().len(), ty.results().len()) == (parameters.len(), results.len())
                    && ty.params().iter().chain(ty.results()).all(is_i32)
            });
            found.map(index).unwrap_or_else(|| {
                let mut section = wasm_encoder::TypeSection::new();
                let (parameters, results) = (parameters.iter(), results.iter());
                section.ty().function(parameters.copied(), results.copied());
                types.added.push(entry_of(&section));
                index(module.types.len() + types.added.len() - 1)
            })
        };
        let mut helper = 0;
        if !additions.helpers.is_empty() {
            helper = find_or_add(&HELPER_PARAMETERS, &[]);
        }
        let mut clamp = 0;
        if additions.clamp().is_some() {
            clamp = find_or_add(&functions::CLAMP, &functions::CLAMP);
        }
        let mut nothing = 0;
        if additions.defined_tag().is_some()
            || additions.hook().is_some()
            || additions.options.stop.is_some()
        {
            nothing = find_or_add(&[], &[]);
        }
        Self {
            helper,
            clamp,
            nothing,
            ..types
        }
    }
}

/// `true` if a custom section still fits after the pass.
fn stays_true(module: &Module<'_>, section: &Section) -> bool {
    let contents = &module.bytes[section.range.clone()];
    let reader = wasmparser::BinaryReader::new(contents, section.range.start);
    let name = wasmparser::CustomSectionReader::new(reader).map(|section| section.name());
    matches!(name, Ok("name" | "producers" | "target_features"))
}

/// A memory of a module.
fn memory_entry(minimum: u64, maximum: u64) -> Vec<u8> {
    let mut section = wasm_encoder::MemorySection::new();
    section.memory(MemoryType {
        minimum,
        maximum: Some(maximum),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    entry_of(&section)
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
