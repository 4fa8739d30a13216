//! A crate as a tree of modules, one for each file. What is for tests only is left out.

use super::sources::Sources;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use syn::{Attribute, File, Item, Meta};

/// A module that has a file of its own.
pub(super) struct Module {
    /// The names on the way to it; none for the crate's root.
    pub(super) path: Vec<String>,
    pub(super) parent: Option<usize>,
    pub(super) children: BTreeMap<String, usize>,
    pub(super) syntax: File,
    /// True for a table of contents (`lib.rs`, `mod.rs`), whose re-exports are no imports.
    pub(super) is_contents: bool,
}

/// The modules of a crate; the first is its root.
pub(super) type Tree = Vec<Module>;

/// Reads the crate in a package's folder; `None` where there is no Rust in it.
pub(super) fn read(sources: &Sources, package: &str) -> Result<Option<Tree>> {
    let root = ["lib.rs", "main.rs"]
        .map(|name| format!("{package}/src/{name}"))
        .into_iter()
        .find(|path| sources.has(path));
    let Some(root) = root else {
        return Ok(None);
    };
    let mut tree = Tree::new();
    add(sources, &root, None, Vec::new(), &mut tree)?;
    Ok(Some(tree))
}

/// Adds the module in a file, and those below it.
fn add(
    sources: &Sources,
    file: &str,
    parent: Option<usize>,
    path: Vec<String>,
    tree: &mut Tree,
) -> Result<usize> {
    let text = sources.read(file)?;
    let syntax = syn::parse_file(&text).with_context(|| format!("{file} is not Rust"))?;
    let (folder, name) = file.rsplit_once('/').context("a file in no folder")?;
    let children_folder = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let names: Vec<String> = syntax
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() && !is_for_tests(&module.attrs) => {
                Some(module.ident.to_string())
            }
            _ => None,
        })
        .collect();
    let index = tree.len();
    tree.push(Module {
        path: path.clone(),
        parent,
        children: BTreeMap::new(),
        syntax,
        is_contents: name == "lib.rs" || name == "mod.rs",
    });
    for name in names {
        let inside = name.trim_start_matches("r#");
        let file = [
            format!("{children_folder}/{inside}.rs"),
            format!("{children_folder}/{inside}/mod.rs"),
        ]
        .into_iter()
        .find(|file| sources.has(file))
        .with_context(|| format!("{file} has a module {name}, and it has no file"))?;
        let path = [path.as_slice(), std::slice::from_ref(&name)].concat();
        let child = add(sources, &file, Some(index), path, tree)?;
        tree[index].children.insert(name, child);
    }
    Ok(index)
}

/// True for an item that is compiled for tests only.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        Meta::Path(path) => path.is_ident("test"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn modules_are_found_in_both_kinds_of_files() {
        let (_directory, sources) = repository(&[
            (
                "a/src/lib.rs",
                "mod b;\nmod c;\nmod inside {}\n#[cfg(test)]\nmod t;\n",
            ),
            ("a/src/b.rs", "mod d;"),
            ("a/src/b/d.rs", ""),
            ("a/src/c/mod.rs", "mod e;"),
            ("a/src/c/e.rs", ""),
        ]);
        let tree = read(&sources, "a").unwrap().unwrap();
        let paths: Vec<String> = tree.iter().map(|module| module.path.join("::")).collect();
        assert_eq!(paths, ["", "b", "b::d", "c", "c::e"]);
        let contents: Vec<bool> = tree.iter().map(|module| module.is_contents).collect();
        assert_eq!(contents, [true, false, false, true, false]);
        assert!(read(&sources, "b").unwrap().is_none());
    }

    #[test]
    fn a_module_without_a_file_is_an_error() {
        let (_directory, sources) = repository(&[("a/src/lib.rs", "mod b;")]);
        let error = read(&sources, "a").err().unwrap().to_string();
        assert_eq!(error, "a/src/lib.rs has a module b, and it has no file");
    }
}
