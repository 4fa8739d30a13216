//! The facts of the image that the shim has to know, as text: see `component/src/facts.rs`.

use crate::image::EntropyRegion;
use belljar_contract::{LimitPolicy, LimitValues};
use belljar_engine::FileEntry;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The facts of an interpreter.
pub(super) struct Interpreter<'a> {
    pub(super) edition: &'a str,
    pub(super) python: &'a str,
    /// Its memory before a run.
    pub(super) memory_bytes: u64,
    /// The places of its stack limits, and their values: see `stack.rs`.
    pub(super) stack: String,
    /// The places of its random generators.
    pub(super) entropy: &'a [EntropyRegion],
    /// Packages with their versions.
    pub(super) packages: BTreeMap<String, String>,
}

/// One fact a line.
pub(super) fn facts(about: &Interpreter<'_>, limits: &LimitPolicy) -> String {
    let mut text = String::new();
    let mut fact = |name: &str, value: String| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name} {value}");
    };
    let numbers = |values: &LimitValues| values.to_array().map(|value| value.to_string()).join(" ");
    fact("python", about.python.to_owned());
    fact("edition", about.edition.to_owned());
    fact("meter", meter_name());
    fact("memory_bytes", about.memory_bytes.to_string());
    fact("default_limits", numbers(&limits.default));
    fact("maximum_limits", numbers(&limits.maximum));
    fact("stack", about.stack.clone());
    for region in about.entropy {
        fact("entropy", format!("{} {}", region.address, region.length));
    }
    for (name, version) in &about.packages {
        if name != "python" {
            fact("package", format!("{name} {version}"));
        }
    }
    text
}

/// The name of the cost model.
fn meter_name() -> String {
    format!("belljar-{}", belljar_meter::COST_MODEL_VERSION)
}

/// The place of each file in the pack, one a line.
pub(super) fn index(files: &[FileEntry]) -> String {
    let mut text = String::new();
    for FileEntry {
        path,
        offset,
        length,
    } in files
    {
        let _ = writeln!(text, "{offset} {length} {path}");
    }
    text
}
