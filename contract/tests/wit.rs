//! `wit/types.wit` and the tables of the contract agree.

use belljar_contract::{FaultKind, Limit};
use std::path::Path;
use wit_parser::{InterfaceId, Resolve, TypeDefKind};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The parsed contract, and its interface `types`.
fn types() -> (Resolve, InterfaceId) {
    let mut resolve = Resolve::new();
    let (package, _) = resolve
        .push_dir(root().join("wit"))
        .expect("wit/ is well-formed");
    let id = resolve.packages[package].interfaces["types"];
    (resolve, id)
}

fn kind_of<'a>(resolve: &'a Resolve, id: InterfaceId, name: &str) -> &'a TypeDefKind {
    &resolve.types[resolve.interfaces[id].types[name]].kind
}

/// The names of an enumeration's cases or of a record's fields, as JSON has them, sorted.
fn names(kind: &TypeDefKind) -> Vec<String> {
    let names: Vec<&String> = match kind {
        TypeDefKind::Enum(cases) => cases.cases.iter().map(|case| &case.name).collect(),
        TypeDefKind::Record(record) => record.fields.iter().map(|field| &field.name).collect(),
        other => panic!("neither an enumeration nor a record: {other:?}"),
    };
    let mut names: Vec<String> = names.iter().map(|name| name.replace('-', "_")).collect();
    names.sort_unstable();
    names
}

#[test]
fn limits_are_those_of_the_table() {
    let (resolve, id) = types();
    let mut expected = Limit::NAMES.map(str::to_owned).to_vec();
    expected.sort_unstable();
    for name in ["limit", "limits", "limit-values"] {
        assert_eq!(names(kind_of(&resolve, id, name)), expected, "{name}");
    }
}

#[test]
fn kinds_of_faults_are_those_of_the_table_but_ours() {
    let (resolve, id) = types();
    let mut expected: Vec<String> = FaultKind::ALL
        .into_iter()
        // A rejection there.
        .filter(|kind| *kind != FaultKind::Internal)
        .map(|kind| kind.name().to_owned())
        .collect();
    expected.sort_unstable();
    assert_eq!(names(kind_of(&resolve, id, "fault-kind")), expected);
}
