//! A component and its dependencies into one, by the rules of Spin: a dependency's name matches
//! imports, each of which is satisfied by the dependency's export of the same name (or of the name
//! that the manifest gives).

use crate::manifest::{Component, Manifest};
use anyhow::{Context, Result, bail};
use std::fs;
use wac_graph::types::{Package, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

/// The imports of a dependency that inherits nothing from its component: those with which it can't
/// reach anything. The rest is denied.
const ISOLATED: &[&str] = &[
    "wasi:clocks/",
    "wasi:random/",
    "wasi:io/",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-",
    "wasi:cli/exit",
];

/// The composed component.
pub(crate) fn compose(manifest: &Manifest, id: &str, component: &Component) -> Result<Vec<u8>> {
    let read = |path: &std::path::Path| {
        let path = manifest.resolve(path);
        fs::read(&path).with_context(|| format!("reading {}: build it first", path.display()))
    };
    let source = read(&component.source)?;
    if component.dependencies.is_empty() {
        return Ok(source);
    }
    let mut graph = CompositionGraph::new();
    let (world, root) = register(&mut graph, id, source)?;
    let imports: Vec<String> = graph.types()[world].imports.keys().cloned().collect();
    for (name, dependency) in &component.dependencies {
        let source = read(&dependency.path)?;
        let (dependency_world, instance) = register(&mut graph, name, source)?;
        if !component.dependencies_inherit_configuration {
            isolate(&graph, name, dependency_world)?;
        }
        let matching = imports.iter().filter(|import| matches(name, import));
        let mut satisfied = 0;
        for import in matching {
            let export = dependency.export.as_ref().unwrap_or(import);
            let argument = graph
                .alias_instance_export(instance, export)
                .with_context(|| format!("{name} has no export {export}"))?;
            graph
                .set_instantiation_argument(root, import, argument)
                .with_context(|| format!("{name} does not fit the import {import} of {id}"))?;
            satisfied += 1;
        }
        if satisfied == 0 {
            bail!("the dependency {name} matches no import of {id}: it has {imports:?}");
        }
    }
    let exports: Vec<String> = graph.types()[world].exports.keys().cloned().collect();
    for export in exports {
        let node = graph.alias_instance_export(root, &export)?;
        graph.export(node, &export)?;
    }
    graph
        .encode(EncodeOptions::default())
        .with_context(|| format!("composing {id}"))
}

fn register(
    graph: &mut CompositionGraph,
    name: &str,
    source: Vec<u8>,
) -> Result<(WorldId, NodeId)> {
    let package = Package::from_bytes(name, None, source, graph.types_mut())
        .with_context(|| format!("{name} is not a component"))?;
    let world = package.ty();
    let package = graph.register_package(package)?;
    Ok((world, graph.instantiate(package)))
}

/// Refuses a dependency that imports what isolation denies.
fn isolate(graph: &CompositionGraph, name: &str, world: WorldId) -> Result<()> {
    let imports = &graph.types()[world].imports;
    let denied = imports
        .keys()
        .find(|import| !ISOLATED.iter().any(|allowed| import.starts_with(allowed)));
    match denied {
        None => Ok(()),
        Some(import) => bail!(
            "the dependency {name} imports {import}, which isolated dependencies don't get: set \
             dependencies_inherit_configuration if it is meant to have it"
        ),
    }
}

/// `true` if a dependency's name, in any of its lengths (`ns:package`, `ns:package/interface`, each
/// with or without version), means an import.
fn matches(dependency: &str, import: &str) -> bool {
    let split = |name: &str| {
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
            None => (name.to_owned(), None),
        };
        let (package, interface) = match name.split_once('/') {
            Some((package, interface)) => (package.to_owned(), Some(interface.to_owned())),
            None => (name, None),
        };
        (package, interface, version)
    };
    let (package, interface, version) = split(dependency);
    let (import_package, import_interface, import_version) = split(import);
    package == import_package
        && (interface.is_none() || interface == import_interface)
        && (version.is_none() || version == import_version)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_dependency_may_be_named_in_full_or_in_part() {
        let import = "belljar:sandbox/executor@0.1.0";
        for name in [
            import,
            "belljar:sandbox/executor",
            "belljar:sandbox@0.1.0",
            "belljar:sandbox",
        ] {
            assert!(matches(name, import), "{name}");
        }
        for name in [
            "belljar:sandbox/types@0.1.0",
            "belljar:other",
            "belljar:sandbox@0.2.0",
        ] {
            assert!(!matches(name, import), "{name}");
        }
    }
}
