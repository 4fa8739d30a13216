//! `lib.rs` and `mod.rs` are tables of contents: docs, modules and re-exports.

use super::deviations::{Deviation, Deviations, Finding};
use super::modules::is_for_tests;
use super::sources::Sources;
use anyhow::{Context, Result};
use syn::Item;

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let mut deviations = Deviations::new();
    for path in sources.with_extension(&["rs"]) {
        if !path.ends_with("/lib.rs") && !path.ends_with("/mod.rs") {
            continue;
        }
        let text = sources.read(path)?;
        let file = syn::parse_file(&text).with_context(|| format!("{path} is not Rust"))?;
        let amount = file.items.iter().filter(|item| is_logic(item)).count() as u64;
        if amount > 0 {
            let details = String::new();
            deviations.insert(path.to_owned(), Deviation { amount, details });
        }
    }
    Ok(Finding {
        rule: "contents",
        text: "lib.rs and mod.rs hold docs, modules and re-exports only (other items)",
        deviations,
    })
}

fn is_logic(item: &Item) -> bool {
    match item {
        Item::Use(_) | Item::ExternCrate(_) => false,
        Item::Mod(module) => module.content.is_some() && !is_for_tests(&module.attrs),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn everything_but_a_table_of_contents_is_counted() {
        let clean = "//! Docs.\n#![no_std]\nextern crate alloc;\nmod a;\npub use a::A;\nuse b::C;\n\
                     #[cfg(test)]\nmod tests { fn x() {} }\n";
        let logic = "const A: u8 = 1;\nfn f() {}\nstruct S;\nimpl S {}\nmod m { }\ncall!();\n";
        let (_directory, sources) = repository(&[
            ("a/src/lib.rs", clean),
            ("a/src/b/mod.rs", &format!("{clean}{logic}")),
            ("a/src/main.rs", logic),
        ]);
        let found = find(&sources).unwrap().deviations;
        assert_eq!(found.len(), 1);
        assert_eq!(found["a/src/b/mod.rs"].amount, 6);
    }
}
