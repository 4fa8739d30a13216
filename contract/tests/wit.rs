//! `wit/types.wit`, the tables of the contract, and what is derived from both by hand, agree.

use belljar_contract::{FaultKind, Limit};
use std::path::Path;
use wit_parser::{InterfaceId, Resolve, Type, TypeDefKind, TypeId};

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

/// The component of `belljar runtime package` is put together as text, with the types once more.
#[test]
fn the_text_of_the_packaged_component_has_the_same_types() {
    let (resolve, id) = types();
    let expected: String = resolve.interfaces[id]
        .types
        .iter()
        .map(|(name, id)| format!("{name} {}\n", definition(&resolve, *id)))
        .collect();
    let path = root().join("python-runtime/src/package/types.txt");
    let found = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found, expected, "{} has other types", path.display());
}

/// A type where it is defined.
fn definition(resolve: &Resolve, id: TypeId) -> String {
    let one = |ty: &Type| reference(resolve, ty);
    match &resolve.types[id].kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let fields =
                fields.map(|field| format!("(field \"{}\" {})", field.name, one(&field.ty)));
            list("record", fields)
        }
        TypeDefKind::Enum(cases) => list("enum", cases.cases.iter().map(|case| quoted(&case.name))),
        TypeDefKind::Flags(flags) => {
            list("flags", flags.flags.iter().map(|flag| quoted(&flag.name)))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| {
                let ty = case.ty.as_ref().map(|ty| format!(" {}", one(ty)));
                format!("(case \"{}\"{})", case.name, ty.unwrap_or_default())
            });
            list("variant", cases)
        }
        TypeDefKind::Tuple(tuple) => list("tuple", tuple.types.iter().map(one)),
        TypeDefKind::Option(ty) => list("option", [one(ty)]),
        TypeDefKind::List(ty) => list("list", [one(ty)]),
        other => panic!("a kind of type that this test does not know: {other:?}"),
    }
}

/// A type where it is used.
fn reference(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Id(id) => match &resolve.types[*id].name {
            Some(name) => format!("${name}"),
            None => definition(resolve, *id),
        },
        Type::Bool => "bool".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::String => "string".to_owned(),
        other => panic!("a type that this test does not know: {other:?}"),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(what: &str, items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("({what} {})", items.join(" "))
}
