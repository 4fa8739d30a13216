//! Modules that import each other, directly or through others: they cannot be read one by one.
//!
//! Files are looked at beside each other, and folders, each as a whole: below every module, its
//! children and its own file must have an order. So a circle of files in two folders is one of the
//! folders.

use super::deviations::{Deviation, Deviations, Finding};
use super::imports::Names;
use super::modules::{self, Tree};
use super::sources::Sources;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let mut deviations = Deviations::new();
    for package in sources.packages() {
        let Some(tree) = modules::read(sources, package)? else {
            continue;
        };
        for (folder, imports) in in_tree(&tree) {
            let place = [package]
                .into_iter()
                .chain(folder.iter().map(String::as_str));
            let place = place.collect::<Vec<_>>().join("::");
            let details = imports
                .iter()
                .map(|(from, to)| format!("\n    {from} imports {to}"));
            let deviation = Deviation {
                amount: imports.len() as u64,
                details: details.collect(),
            };
            deviations.insert(place, deviation);
        }
    }
    Ok(Finding {
        rule: "circles",
        text: "modules beside each other import in one direction (imports between modules on circles)",
        deviations,
    })
}

/// By folder, the imports between modules that lie on a circle of such.
type Circles = BTreeMap<Vec<String>, BTreeSet<(String, String)>>;

/// An import from one part of a folder by another; a folder's own file is called `self`.
fn in_tree(tree: &Tree) -> Circles {
    let names = Names::of(tree);
    let mut graphs: Circles = BTreeMap::new();
    for from in 0..tree.len() {
        for to in names.imports(from) {
            let (from, to) = (&tree[from].path, &tree[to].path);
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            let part = |path: &[String]| path.get(shared).map_or("self", String::as_str).to_owned();
            let graph = graphs.entry(from[..shared].to_vec()).or_default();
            graph.insert((part(from), part(to)));
        }
    }
    for graph in graphs.values_mut() {
        let all = graph.clone();
        graph.retain(|(from, to)| reaches(&all, to, from));
    }
    graphs.retain(|_, graph| !graph.is_empty());
    graphs
}

/// True where imports lead from one module to another.
fn reaches(graph: &BTreeSet<(String, String)>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut next = vec![from];
    while let Some(module) = next.pop() {
        if module == to {
            return true;
        }
        for (_, target) in graph.iter().filter(|(source, _)| source == module) {
            if seen.insert(target) {
                next.push(target);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn a_circle_of_files_is_one_of_their_folders() {
        let (_directory, sources) = repository(&[
            ("a/Cargo.toml", ""),
            ("a/src/lib.rs", "mod b;\nmod c;\nmod d;\n"),
            ("a/src/b/mod.rs", "mod x;\nmod y;\npub use y::Y;\n"),
            ("a/src/b/x.rs", "use crate::c::C;\n"),
            ("a/src/b/y.rs", "pub struct Y;\n"),
            (
                "a/src/c.rs",
                "pub struct C;\nuse crate::b::Y;\nuse crate::d::D;\n",
            ),
            ("a/src/d.rs", "pub struct D;\n"),
        ]);
        let found = find(&sources).unwrap().deviations;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found["a"].amount, 2);
        assert_eq!(found["a"].details, "\n    b imports c\n    c imports b");
    }

    #[test]
    fn a_child_that_takes_from_its_parents_file_is_on_a_circle_if_that_takes_from_it() {
        let (_directory, sources) = repository(&[
            ("a/Cargo.toml", ""),
            ("a/src/lib.rs", "mod b;\n"),
            ("a/src/b/mod.rs", "mod x;\nuse x::X;\npub struct B(X);\n"),
            ("a/src/b/x.rs", "use super::B;\npub struct X;\n"),
        ]);
        let found = find(&sources).unwrap().deviations;
        assert_eq!(
            found["a::b"].details,
            "\n    self imports x\n    x imports self"
        );
    }
}
