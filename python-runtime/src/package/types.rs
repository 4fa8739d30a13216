//! The types of the contract as the text of a component has them: those of `wit/types.wit`. A component
//! that differs does not fit any front.

use crate::{Error, Result};
use wit_parser::{Resolve, Type, TypeDefKind, TypeId};

/// The interface, in a package of its own: nothing in it names another.
const WIT: &str = concat!(
    "package belljar:sandbox@0.1.0;\n",
    include_str!("../../../wit/types.wit")
);

/// The types that have names, each with its definition, in which `$NAME` is one of those above.
pub(super) fn of_contract() -> Result<Vec<(String, String)>> {
    let mut resolve = Resolve::new();
    let package = resolve
        .push_str("types.wit", WIT)
        .map_err(|error| Error::Package(format!("our own types: {error:#}")))?;
    let types = resolve.packages[package]
        .interfaces
        .values()
        .flat_map(|interface| &resolve.interfaces[*interface].types);
    types
        .map(|(name, id)| Ok((name.clone(), definition(&resolve, *id)?)))
        .collect()
}

/// A type where it is defined.
fn definition(resolve: &Resolve, id: TypeId) -> Result<String> {
    let field = |what: &str, name: &str, ty: &Type| -> Result<String> {
        Ok(format!("({what} \"{name}\" {})", reference(resolve, ty)?))
    };
    let quoted = |name: &String| Ok(format!("\"{name}\""));
    match &resolve.types[id].kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            list(
                "record",
                fields.map(|one| field("field", &one.name, &one.ty)),
            )
        }
        TypeDefKind::Enum(cases) => list("enum", cases.cases.iter().map(|case| quoted(&case.name))),
        TypeDefKind::Flags(flags) => {
            list("flags", flags.flags.iter().map(|flag| quoted(&flag.name)))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| match &case.ty {
                Some(ty) => field("case", &case.name, ty),
                None => Ok(format!("(case \"{}\")", case.name)),
            });
            list("variant", cases)
        }
        TypeDefKind::Tuple(tuple) => {
            list("tuple", tuple.types.iter().map(|ty| reference(resolve, ty)))
        }
        TypeDefKind::Option(ty) => list("option", [reference(resolve, ty)]),
        TypeDefKind::List(ty) => list("list", [reference(resolve, ty)]),
        other => Err(unknown(other)),
    }
}

/// A type where it is used.
fn reference(resolve: &Resolve, ty: &Type) -> Result<String> {
    let name = match ty {
        Type::Id(id) => {
            return match &resolve.types[*id].name {
                Some(name) => Ok(format!("${name}")),
                None => definition(resolve, *id),
            };
        }
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S32 => "s32",
        Type::String => "string",
        other => return Err(unknown(other)),
    };
    Ok(name.to_owned())
}

fn list(what: &str, items: impl IntoIterator<Item = Result<String>>) -> Result<String> {
    let items: Vec<String> = items.into_iter().collect::<Result<_>>()?;
    Ok(format!("({what} {})", items.join(" ")))
}

fn unknown(kind: &impl std::fmt::Debug) -> Error {
    Error::Package(format!("our own types: {kind:?} has no text here"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use belljar_contract::Limit;

    #[test]
    fn every_type_is_defined_above_where_it_is_used() {
        let types = of_contract().unwrap();
        for (at, (name, definition)) in types.iter().enumerate() {
            for used in definition.split('$').skip(1) {
                let used = used.split([' ', ')']).next().unwrap_or_default();
                assert!(
                    types[..at].iter().any(|(above, _)| above == used),
                    "{name}: {used}"
                );
            }
        }
        let definition = |name: &str| {
            types
                .iter()
                .find(|(one, _)| one == name)
                .unwrap()
                .1
                .as_str()
        };
        let limits = Limit::NAMES.map(|name| format!("\"{}\"", name.replace('_', "-")));
        assert_eq!(definition("limit"), format!("(enum {})", limits.join(" ")));
        assert_eq!(
            definition("completion"),
            "(variant (case \"value\" string) (case \"exited\" s32) (case \"fault\" $fault))"
        );
        assert_eq!(
            definition("display-item"),
            "(record (field \"mime\" string) (field \"data\" (list u8)) (field \"alt\" (option string)))"
        );
    }
}
