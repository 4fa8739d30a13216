//! The core modules that a component is made of, and where each of their imports comes from.

use crate::{Error, Result};
use std::collections::HashMap;
use wasmparser::{
    ComponentAlias, ComponentName, ExternalKind, Instance, InstantiationArg, KnownCustom, Parser,
    Payload, TypeRef,
};

/// Modules that a component's encoder adds to reach what is outside: with them gone, what they stand
/// for is imported.
const GLUE: [&str; 3] = [
    "wit-component:adapter:",
    "wit-component-shim-module",
    "wit-component-fixup",
];

/// A core module of a component, instantiated once.
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) wasm: &'a [u8],
    /// By module and name of an import, which other part has it and as which export; what comes
    /// from outside is not there.
    sources: HashMap<(&'a str, &'a str), (usize, &'a str)>,
}

impl<'a> Part<'a> {
    /// The part and its export that is meant by an import; `None` if it comes from outside.
    pub(super) fn source(&self, module: &str, name: &str) -> Option<(usize, &'a str)> {
        self.sources.get(&(module, name)).copied()
    }
}

/// The parts of a component, in the order in which they are instantiated.
pub(super) fn parts(component: &[u8]) -> Result<Vec<Part<'_>>> {
    let graph = Graph::read(component)?;
    let mut numbers = HashMap::new();
    let mut modules: Vec<(usize, &str, &[InstantiationArg<'_>])> = Vec::new();
    for (instance, definition) in graph.instances.iter().enumerate() {
        let Instance::Instantiate { module_index, args } = definition else {
            continue;
        };
        let module = *module_index as usize;
        let name = graph.names.get(module_index).copied().unwrap_or_default();
        if GLUE.iter().any(|glue| name.starts_with(glue)) {
            continue;
        }
        if modules.iter().any(|(other, ..)| *other == module) {
            return Err(broken(format!("{name} is instantiated twice")));
        }
        numbers.insert(index(instance), modules.len());
        modules.push((module, name, args));
    }
    let mut parts = Vec::new();
    for (module, name, args) in modules {
        let wasm = *graph
            .modules
            .get(module)
            .ok_or_else(|| broken(format!("{name} is missing")))?;
        let mut sources = HashMap::new();
        for (module, name, kind) in imports(wasm)? {
            let argument = args.iter().find(|argument| argument.name == module);
            let found = argument.and_then(|found| graph.find(found.index, name, kind));
            let Some((instance, export)) = found else {
                continue;
            };
            if let Some(part) = numbers.get(&instance) {
                sources.insert((module, name), (*part, export));
            }
        }
        parts.push(Part {
            name,
            wasm,
            sources,
        });
    }
    Ok(parts)
}

fn broken(what: String) -> Error {
    Error::Package(format!("the interpreter's component: {what}"))
}

fn index(position: usize) -> u32 {
    // An index of a module is one of 32 bits.
    position as u32
}

fn kind(ty: TypeRef) -> ExternalKind {
    match ty {
        TypeRef::Func(_) => ExternalKind::Func,
        TypeRef::FuncExact(_) => ExternalKind::FuncExact,
        TypeRef::Global(_) => ExternalKind::Global,
        TypeRef::Table(_) => ExternalKind::Table,
        TypeRef::Memory(_) => ExternalKind::Memory,
        TypeRef::Tag(_) => ExternalKind::Tag,
    }
}

/// Module, name and kind of each import of a module.
fn imports(wasm: &[u8]) -> Result<Vec<(&str, &str, ExternalKind)>> {
    let unreadable = |error: wasmparser::BinaryReaderError| broken(error.to_string());
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload.map_err(unreadable)? {
            for import in section.into_imports() {
                let import = import.map_err(unreadable)?;
                imports.push((import.module, import.name, kind(import.ty)));
            }
        }
    }
    Ok(imports)
}

/// The core modules of a component, and how it connects them.
#[derive(Default)]
struct Graph<'a> {
    modules: Vec<&'a [u8]>,
    /// Names of modules, by index.
    names: HashMap<u32, &'a str>,
    instances: Vec<Instance<'a>>,
    /// The core items of each kind: the instance and export that they are aliases of, or `None` for
    /// functions made by the canonical ABI, which lead outside.
    items: HashMap<u8, Vec<Option<(u32, &'a str)>>>,
}

impl<'a> Graph<'a> {
    fn read(component: &'a [u8]) -> Result<Self> {
        let unreadable = |error: wasmparser::BinaryReaderError| broken(error.to_string());
        let mut graph = Self::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            match payload.map_err(unreadable)? {
                Payload::ModuleSection {
                    unchecked_range, ..
                } => {
                    if depth == 0 {
                        graph.modules.push(&component[unchecked_range]);
                    }
                    depth += 1;
                }
                Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                _ if depth > 0 => {}
                Payload::InstanceSection(section) => {
                    for instance in section {
                        graph.instances.push(instance.map_err(unreadable)?);
                    }
                }
                Payload::ComponentAliasSection(section) => {
                    for alias in section {
                        if let ComponentAlias::CoreInstanceExport {
                            kind,
                            instance_index,
                            name,
                        } = alias.map_err(unreadable)?
                        {
                            graph.item(kind, Some((instance_index, name)));
                        }
                    }
                }
                Payload::ComponentCanonicalSection(section) => {
                    for function in section {
                        let function = function.map_err(unreadable)?;
                        if !matches!(function, wasmparser::CanonicalFunction::Lift { .. }) {
                            graph.item(ExternalKind::Func, None);
                        }
                    }
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::ComponentName(names) = section.as_known() {
                        for name in names {
                            if let ComponentName::CoreModules(modules) = name.map_err(unreadable)? {
                                for naming in modules {
                                    let naming = naming.map_err(unreadable)?;
                                    graph.names.insert(naming.index, naming.name);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(graph)
    }

    fn item(&mut self, kind: ExternalKind, source: Option<(u32, &'a str)>) {
        self.items.entry(kind as u8).or_default().push(source);
    }

    /// The instance of a module, and its export, that an item of an instance really is.
    fn find(&self, instance: u32, name: &'a str, kind: ExternalKind) -> Option<(u32, &'a str)> {
        let exports = match self.instances.get(instance as usize)? {
            Instance::Instantiate { .. } => return Some((instance, name)),
            Instance::FromExports(exports) => exports,
        };
        let export = exports
            .iter()
            .find(|export| export.name == name && export.kind == kind)?;
        let item = self.items.get(&(kind as u8))?.get(export.index as usize)?;
        let (instance, name) = (*item)?;
        self.find(instance, name, kind)
    }
}
