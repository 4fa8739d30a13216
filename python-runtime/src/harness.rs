//! The Python half: the sources that go into the snapshot.

use crate::{Digest, Error, Result};
use serde_json::{Map, Value};

/// Declares the files of the harness by name.
macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../harness/belljar/", $name, ".py")))),+]
    };
}

/// The modules of the package `belljar`, which runs scripts.
const MODULES: &[(&str, &str)] = sources![
    "__init__",
    "arguments",
    "closing",
    "convert",
    "convert_numpy",
    "convert_pandas",
    "display",
    "door",
    "duration",
    "encoder",
    "entry",
    "entry_point",
    "environment",
    "event_loop",
    "exits",
    "faults",
    "figures",
    "function_mode",
    "glyphs",
    "interactive",
    "interpreter",
    "jpeg",
    "keys",
    "late",
    "loader",
    "locks",
    "machine",
    "network",
    "notebook",
    "options",
    "pools",
    "precise",
    "processes",
    "program_mode",
    "rehearsal",
    "reseed",
    "resources",
    "rich",
    "script",
    "shelf",
    "symbolic",
    "threads",
    "tls",
    "tracebacks",
    "truetype",
    "turns",
    "unsupported",
    "wire",
    "zone",
];

/// Runs once, while the snapshot is made.
const PREPARE: &str = include_str!("../harness/prepare.py");

/// Imports everything else that scripts may import.
const PRELOAD: &str = include_str!("../harness/preload.py");

/// Makes 64 bits the width of numpy's default integer, where that is up to Python.
const WIDE_INTEGERS: &str = include_str!("../harness/wide_integers.py");

/// Keys derived from passwords, where `hashlib` looks for OpenSSL's.
const DERIVED_KEYS: &str = include_str!("../harness/derived_keys.py");

/// The imports and calls that are made beforehand, so that scripts find them warm.
const WARM_UP: &str = include_str!("../harness/warm_up.py");

/// The digest of all of it.
pub(crate) fn digest() -> Digest {
    let modules = MODULES
        .iter()
        .flat_map(|(name, source)| [name.as_bytes(), source.as_bytes()]);
    let others = [PREPARE, PRELOAD, WIDE_INTEGERS, DERIVED_KEYS, WARM_UP].map(str::as_bytes);
    Digest::of_parts(modules.chain(others))
}

/// The script that prepares the small edition's interpreter.
pub(crate) const SMALL: &str = include_str!("../harness/small.py");

/// The sources of the package `belljar` as a Python module: `SOURCES`, by module name.
pub(crate) fn sources_module() -> Result<String> {
    let json = literal(&serde_json::to_string(&package_sources()).map_err(broken)?)?;
    Ok(format!("import json\n\nSOURCES = json.loads({json})\n"))
}

/// The modules of the package, by their dotted names.
fn package_sources() -> Map<String, Value> {
    let mut sources = Map::new();
    for (name, source) in MODULES {
        let dotted = match *name {
            "__init__" => "belljar".to_owned(),
            name => format!("belljar.{name}"),
        };
        sources.insert(dotted, Value::from(*source));
    }
    sources
}

/// The program that prepares the interpreter: it executes `prepare.py` in a namespace of its own
/// that has the other sources in a dictionary named `SOURCES`.
pub(crate) fn preparation() -> Result<String> {
    let mut sources = package_sources();
    sources.insert("wide_integers".to_owned(), Value::from(WIDE_INTEGERS));
    sources.insert("preload".to_owned(), Value::from(PRELOAD));
    sources.insert("derived_keys".to_owned(), Value::from(DERIVED_KEYS));
    sources.insert("warm_up".to_owned(), Value::from(WARM_UP));
    let sources = literal(&serde_json::to_string(&sources).map_err(broken)?)?;
    let prepare = literal(PREPARE)?;
    Ok(format!(
        "import json\n\
         exec(compile({prepare}, 'prepare.py', 'exec'), {{'SOURCES': json.loads({sources})}})\n\
         del json\n"
    ))
}

/// A text as a Python literal: a JSON string is one.
fn literal(text: &str) -> Result<String> {
    serde_json::to_string(text).map_err(broken)
}

fn broken(error: serde_json::Error) -> Error {
    Error::Prepare(format!("bundling the harness: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_of_the_harness_is_listed() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/harness/belljar");
        let mut found: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .filter_map(|entry| {
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".py")
                    .map(str::to_owned)
            })
            .collect();
        found.sort();
        let listed: Vec<&str> = MODULES.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, listed);
    }
}
