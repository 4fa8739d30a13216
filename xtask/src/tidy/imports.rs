//! The modules that a module takes something from: by `use`, or by a path.
//!
//! A name is followed through re-exports to the file that defines it: `crate::Outcome` of a table of
//! contents is no import of the table.

use super::modules::{Tree, is_for_tests};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{ImplItemFn, Item, ItemMod, ItemUse, Path, UseTree, VisRestricted, Visibility};

/// Follows names through a crate.
pub(super) struct Names<'a> {
    tree: &'a Tree,
    /// By module: names that it has from elsewhere, with the way there.
    taken: Vec<BTreeMap<String, Vec<String>>>,
    /// By module: the ways to modules of which it has all names.
    globs: Vec<Vec<Vec<String>>>,
    /// By module: names of items that it defines.
    defined: Vec<BTreeSet<String>>,
}

/// The most re-exports that are followed: more is a circle of them.
const STEPS: u32 = 16;

impl<'a> Names<'a> {
    pub(super) fn of(tree: &'a Tree) -> Self {
        let mut names = Self {
            tree,
            taken: Vec::new(),
            globs: Vec::new(),
            defined: Vec::new(),
        };
        for module in tree {
            let (mut taken, mut globs) = (BTreeMap::new(), Vec::new());
            let mut defined = BTreeSet::new();
            for item in &module.syntax.items {
                if let Item::Use(item) = item {
                    for way in ways(&item.tree) {
                        match way.name {
                            Some(name) => drop(taken.insert(name, way.path)),
                            None => globs.push(way.path),
                        }
                    }
                } else if let Some(name) = name(item) {
                    defined.insert(name);
                }
            }
            names.taken.push(taken);
            names.globs.push(globs);
            names.defined.push(defined);
        }
        names
    }

    /// The modules that a module imports from, without itself.
    pub(super) fn imports(&self, module: usize) -> BTreeSet<usize> {
        let mut collector = Collector {
            is_contents: self.tree[module].is_contents,
            depth: 0,
            paths: Vec::new(),
        };
        collector.visit_file(&self.tree[module].syntax);
        let found = collector.paths.into_iter();
        let mut imports: BTreeSet<usize> = found
            .filter_map(|path| self.resolve(module, &path, STEPS))
            .collect();
        imports.remove(&module);
        imports
    }

    /// The module in which a path, as it is written in `module`, ends; `None` outside of the crate.
    fn resolve(&self, module: usize, path: &[String], steps: u32) -> Option<usize> {
        let steps = steps.checked_sub(1)?;
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => 0,
            "self" => module,
            "super" => self.tree[module].parent?,
            name => {
                if let Some(child) = self.tree[module].children.get(name) {
                    *child
                } else {
                    // A name that is in scope here, or another crate.
                    let way = self.taken[module].get(name)?;
                    (way.first().is_none_or(|first| first != name))
                        .then(|| self.resolve(module, way, steps))??
                }
            }
        };
        while let Some((name, after)) = rest.split_first() {
            rest = after;
            if name == "super" {
                at = self.tree[at].parent?;
            } else if let Some(child) = self.tree[at].children.get(name) {
                at = *child;
            } else if self.defined[at].contains(name) {
                return Some(at);
            } else if let Some(way) = self.taken[at].get(name) {
                // If it leads to a module the path goes on there, else it ends with the item.
                at = self.resolve(at, way, steps)?;
            } else {
                return self.by_glob(at, name, steps).or(Some(at));
            }
        }
        Some(at)
    }

    /// The module with this item among those of which another has all names.
    fn by_glob(&self, module: usize, name: &str, steps: u32) -> Option<usize> {
        self.globs[module].iter().find_map(|way| {
            let from = self.resolve(module, way, steps)?;
            let has = self.defined[from].contains(name) || self.taken[from].contains_key(name);
            has.then(|| self.resolve(from, &["self".to_owned(), name.to_owned()], steps))?
        })
    }
}

/// A name that a `use` brings, with the way to it; none for all names.
struct Way {
    name: Option<String>,
    path: Vec<String>,
}

fn ways(tree: &UseTree) -> Vec<Way> {
    fn add(tree: &UseTree, before: &[String], ways: &mut Vec<Way>) {
        let extended = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => add(&path.tree, &extended(path.ident.to_string()), ways),
            UseTree::Name(name) if name.ident == "self" => ways.push(Way {
                name: before.last().cloned(),
                path: before.to_vec(),
            }),
            UseTree::Name(name) => ways.push(Way {
                name: Some(name.ident.to_string()),
                path: extended(name.ident.to_string()),
            }),
            UseTree::Rename(rename) if rename.ident == "self" => ways.push(Way {
                name: Some(rename.rename.to_string()),
                path: before.to_vec(),
            }),
            UseTree::Rename(rename) => ways.push(Way {
                name: Some(rename.rename.to_string()),
                path: extended(rename.ident.to_string()),
            }),
            UseTree::Glob(_) => ways.push(Way {
                name: None,
                path: before.to_vec(),
            }),
            UseTree::Group(group) => {
                for tree in &group.items {
                    add(tree, before, ways);
                }
            }
        }
    }
    let mut found = Vec::new();
    add(tree, &[], &mut found);
    found
}

/// The name of an item that others can import.
fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Mod(item) => {
            item.content.as_ref()?;
            &item.ident
        }
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// The paths in a file that may lead to other modules of its crate.
struct Collector {
    is_contents: bool,
    /// The number of modules inside of the file that are around what is visited.
    depth: usize,
    paths: Vec<Vec<String>>,
}

impl Collector {
    /// Notes a path as it would be written in the file's own module.
    fn add(&mut self, path: Vec<String>) {
        let ups = path.iter().take_while(|name| *name == "super").count();
        let path = match path.first().map(String::as_str) {
            // It ends in the file itself.
            Some("super") if ups < self.depth => return,
            Some("super") => [vec!["self".to_owned()], path[self.depth..].to_vec()].concat(),
            Some("self") if self.depth > 0 => return,
            _ => path,
        };
        self.paths.push(path);
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_exported = !matches!(item.vis, Visibility::Inherited);
        if self.is_contents && is_exported {
            return;
        }
        for way in ways(&item.tree) {
            self.add(way.path);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let first = path
            .segments
            .first()
            .map(|segment| segment.ident.to_string());
        if first.is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str())) {
            let names = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            self.add(names.collect());
        }
        visit::visit_path(self, path);
    }

    /// `pub(in crate::a)` imports nothing.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

#[cfg(test)]
mod tests {
    use super::super::modules;
    use super::*;
    use crate::tidy::sources::tests::repository;

    /// The modules that each module of a crate imports from.
    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, &str)> = files
            .iter()
            .map(|(path, text)| (format!("a/src/{path}"), *text))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
        let (_directory, sources) = repository(&files);
        let tree = modules::read(&sources, "a").unwrap().unwrap();
        let names = Names::of(&tree);
        let name = |at: usize| match tree[at].path.as_slice() {
            [] => "crate".to_owned(),
            path => path.join("::"),
        };
        let lines = (0..tree.len()).map(|at| {
            let targets: Vec<String> = names.imports(at).into_iter().map(name).collect();
            format!("{}: {}", name(at), targets.join(", "))
        });
        lines.collect()
    }

    #[test]
    fn names_are_followed_through_re_exports() {
        let found = imports(&[
            (
                "lib.rs",
                "mod b;\nmod c;\npub use b::B;\npub use c::{d::*, self as other};\n",
            ),
            (
                "b.rs",
                "use crate::D;\npub struct B;\nuse crate::other::E;\nuse std::fs;\n",
            ),
            ("c/mod.rs", "pub mod d;\nmod e;\npub use e::E;\n"),
            ("c/d.rs", "use super::E;\npub struct D;\n"),
            (
                "c/e.rs",
                "pub struct E;\nfn f() -> crate::B { super::super::b::B }\n",
            ),
        ]);
        let expected = ["crate: ", "b: c::d, c::e", "c: ", "c::d: c::e", "c::e: b"];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_defined_in_a_table_of_contents_is_imported_from_there() {
        let found = imports(&[
            ("lib.rs", "mod b;\nuse b::B;\npub struct A;\n"),
            (
                "b.rs",
                "pub struct B;\nuse crate::{A, b};\npub(in crate::b) fn f() {}\n",
            ),
        ]);
        assert_eq!(found, ["crate: b", "b: crate"]);
    }

    #[test]
    fn tests_and_modules_in_a_file_are_not_taken_for_others() {
        let found = imports(&[
            ("lib.rs", "mod b;\nmod c;\nmod d;\n"),
            (
                "b.rs",
                "#[cfg(test)]\nmod tests { use crate::c; }\n#[cfg(test)]\nuse crate::c::C;\n",
            ),
            (
                "c.rs",
                "mod inside { use super::C; use self::x; use super::super::d; }\nstruct C;\n",
            ),
            ("d.rs", "#[cfg(test)]\nfn f() { crate::b::x() }\n"),
        ]);
        assert_eq!(found, ["crate: ", "b: ", "c: d", "d: "]);
    }
}
