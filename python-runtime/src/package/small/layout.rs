//! The places that all parts of all libraries have in the one module.

use super::library::{KINDS, Library, broken, unreadable};
use super::parts::Part;
use crate::Result;
use std::collections::{BTreeSet, HashMap};
use wasmparser::{ExternalKind, Operator};

/// Indices in the one module. Its functions are: those that it imports, those of each library in
/// turn, those that trap.
pub(super) struct Layout {
    /// By kind, library and index in it.
    indices: [Vec<Vec<u32>>; 4],
    /// By library: the number of types, element segments and data segments before it.
    pub(super) bases: Vec<[u32; 3]>,
    /// The name of each imported function, and its type.
    pub(super) imports: Vec<(String, u32)>,
    /// The types of the functions that trap.
    pub(super) traps: Vec<u32>,
    /// By index in the one module: the value of each global that never changes.
    pub(super) constants: HashMap<u32, i32>,
}

impl Layout {
    /// `provided` are the names of functions that can be imported, each `MODULE#NAME`. What else
    /// comes from outside traps.
    pub(super) fn new(
        libraries: &[Library<'_>],
        parts: &[Part<'_>],
        provided: &BTreeSet<String>,
    ) -> Result<Self> {
        let bases = bases(libraries);
        let mut layout = Self {
            indices: Default::default(),
            bases,
            imports: Vec::new(),
            traps: Vec::new(),
            constants: HashMap::new(),
        };
        // Where the functions from outside are, counted among the imported or the trapping ones.
        let mut outside = HashMap::new();
        for ((library, part), base) in libraries.iter().zip(parts).zip(&layout.bases) {
            for import in &library.imports {
                if part.source(import.module, import.name).is_some() {
                    continue;
                }
                let name = format!("{}#{}", import.module, import.name);
                if import.kind != ExternalKind::Func {
                    return Err(broken(&format!("{} has no {name}", part.name)));
                }
                if outside.contains_key(&name) {
                    continue;
                }
                let ty = base[0] + import.ty;
                if provided.contains(&name) {
                    outside.insert(name.clone(), (true, index(layout.imports.len())));
                    layout.imports.push((name, ty));
                } else {
                    outside.insert(name, (false, index(layout.traps.len())));
                    layout.traps.push(ty);
                }
            }
        }
        let mut firsts = Vec::new();
        let mut next = [index(layout.imports.len()), 0, 0, 0];
        for library in libraries {
            firsts.push(next);
            for (next, defined) in next.iter_mut().zip(library.defined) {
                *next += defined;
            }
        }
        let resolver = Resolver {
            libraries,
            parts,
            firsts,
            first_trap: next[0],
            outside,
        };
        for (kind, indices) in layout.indices.iter_mut().enumerate() {
            for part in 0..libraries.len() {
                indices.push(resolver.indices(part, kind)?);
            }
        }
        layout.constants = layout.constants(libraries)?;
        Ok(layout)
    }

    /// The index of something of a library's, by kind: see [`KINDS`].
    pub(super) fn index(&self, part: usize, kind: ExternalKind, index: u32) -> Option<u32> {
        let kind = KINDS.iter().position(|known| *known == kind)?;
        self.indices[kind][part].get(index as usize).copied()
    }

    /// The index of what some library exports.
    pub(super) fn export(
        &self,
        libraries: &[Library<'_>],
        kind: ExternalKind,
        name: &str,
    ) -> Result<u32> {
        let mut found = libraries.iter().enumerate().filter_map(|(part, library)| {
            let (exported, index) = library.exports.get(name)?;
            (*exported == kind).then(|| self.index(part, kind, *index))?
        });
        found
            .next()
            .ok_or_else(|| broken(&format!("nothing exports `{name}`")))
    }

    /// The globals that no code writes, and that start as a number.
    fn constants(&self, libraries: &[Library<'_>]) -> Result<HashMap<u32, i32>> {
        let global = |part, index| self.index(part, ExternalKind::Global, index);
        let mut written = BTreeSet::new();
        for (part, library) in libraries.iter().enumerate() {
            for body in &library.bodies {
                let mut operators = body.get_operators_reader().map_err(unreadable)?;
                while !operators.eof() {
                    if let Operator::GlobalSet { global_index } =
                        operators.read().map_err(unreadable)?
                    {
                        written.extend(global(part, global_index));
                    }
                }
            }
        }
        let mut constants = HashMap::new();
        for (part, library) in libraries.iter().enumerate() {
            let imported = index(library.imports_of(ExternalKind::Global).count());
            for (position, value) in library.globals.iter().enumerate() {
                let at = global(part, imported + index(position));
                if let (Some(at), Some(value)) = (at, *value)
                    && !written.contains(&at)
                {
                    constants.insert(at, value);
                }
            }
        }
        Ok(constants)
    }
}

/// Looks up what an import really is.
struct Resolver<'a> {
    libraries: &'a [Library<'a>],
    parts: &'a [Part<'a>],
    /// By library and kind: the index of the first that it defines.
    firsts: Vec<[u32; 4]>,
    first_trap: u32,
    outside: HashMap<String, (bool, u32)>,
}

impl Resolver<'_> {
    /// By index in a library: the index in the one module.
    fn indices(&self, part: usize, kind: usize) -> Result<Vec<u32>> {
        let library = &self.libraries[part];
        let imported = library.imports_of(KINDS[kind]).count();
        let all = index(imported) + library.defined[kind];
        (0..all).map(|index| self.find(part, kind, index)).collect()
    }

    fn find(&self, part: usize, kind: usize, at: u32) -> Result<u32> {
        let library = &self.libraries[part];
        let mut imports = library.imports_of(KINDS[kind]);
        let Some(import) = imports.nth(at as usize) else {
            let imported = library.imports_of(KINDS[kind]).count();
            return Ok(self.firsts[part][kind] + at - index(imported));
        };
        let (module, name) = (import.module, import.name);
        let Some((source, export)) = self.parts[part].source(module, name) else {
            let found = self.outside.get(&format!("{module}#{name}"));
            let (is_imported, position) = found.ok_or_else(|| broken("an import is lost"))?;
            return Ok(match is_imported {
                true => *position,
                false => self.first_trap + position,
            });
        };
        match self.libraries[source].exports.get(export) {
            Some((exported, at)) if *exported == KINDS[kind] => self.find(source, kind, *at),
            _ => Err(broken(&format!(
                "{} has no {export}",
                self.parts[source].name
            ))),
        }
    }
}

fn bases(libraries: &[Library<'_>]) -> Vec<[u32; 3]> {
    let mut base = [0; 3];
    let mut bases = Vec::new();
    for library in libraries {
        bases.push(base);
        for (base, count) in base.iter_mut().zip(library.counts) {
            *base += count;
        }
    }
    bases
}

fn index(position: usize) -> u32 {
    // An index of a module is one of 32 bits.
    position as u32
}
