//! What the shim has to know of the image, as text: see `component/src/facts.rs`.

use crate::fetch::Contents;
use crate::prepare::Report;
use belljar_engine::FileEntry;
use std::fmt::Write;

/// The limits a component grants, each as timeout in milliseconds, fuel, bytes of memory, and bytes
/// of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitFacts {
    /// For a program that asks for nothing.
    pub default: [u64; 4],
    /// The most a program may ask for.
    pub maximum: [u64; 4],
    /// The largest JSON text of a result.
    pub result_bytes: u64,
}

/// One fact a line.
pub(super) fn facts(
    report: &Report,
    contents: &Contents,
    limits: &LimitFacts,
    stack: String,
) -> String {
    let mut text = String::new();
    let mut fact = |name: &str, value: String| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name} {value}");
    };
    let four = |values: [u64; 4]| values.map(|value| value.to_string()).join(" ");
    fact("python", report.python.clone());
    fact("edition", "full".to_owned());
    fact("meter", meter_name());
    fact("memory_bytes", report.memory_bytes.to_string());
    fact("default_limits", four(limits.default));
    fact("maximum_limits", four(limits.maximum));
    fact("result_bytes", limits.result_bytes.to_string());
    fact("stack", stack);
    for region in &report.entropy {
        fact("entropy", format!("{} {}", region.address, region.length));
    }
    for (name, version) in &contents.packages {
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

/// Where each file lies in the pack, one a line.
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
