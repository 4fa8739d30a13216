//! Checks of what has to be true of a packaged component.

use crate::{Error, Result};
use wasmparser::{DataKind, Operator, Parser, Payload, Validator, WasmFeatures};

/// The imports that a component may have: clocks, what sleeping needs, and random bytes.
const IMPORTS: &[&str] = &[
    "wasi:io/poll@",
    "wasi:clocks/monotonic-clock@",
    "wasi:clocks/wall-clock@",
    "wasi:random/random@",
];

/// All it exports.
const EXPORT: &str = "belljar:sandbox/executor@0.1.0";

/// The least part of a memory image that must be data. Wasmtime maps a denser image copy-on-write,
/// whatever its settings; of a sparser one it copies every byte for every request.
const LEAST_DENSITY: f64 = 0.5;

/// Sizes of a component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportions {
    /// The component.
    pub component_bytes: u64,
    /// The interpreter's memory at the start of a run.
    pub memory_bytes: u64,
    /// The most it can grow to.
    pub maximum_bytes: u64,
    /// The part of the memory image that is data.
    pub density: f64,
}

/// Checks the component, and the interpreter in it.
pub(super) fn check(
    component: &[u8],
    python: &[u8],
    without_exceptions: bool,
) -> Result<Proportions> {
    let broken =
        |what: String| Error::Package(format!("the component is not as it must be: {what}"));
    let mut features = WasmFeatures::default();
    features.set(WasmFeatures::EXCEPTIONS, !without_exceptions);
    // This includes that its exports use named types only.
    Validator::new_with_features(features)
        .validate_all(component)
        .map_err(|error| broken(error.to_string()))?;
    let proportions = proportions(component, python).map_err(broken)?;
    if proportions.density < LEAST_DENSITY {
        let density = proportions.density;
        return Err(broken(format!(
            "only {density:.2} of its memory image is data, and {LEAST_DENSITY} must be: prepare \
             the interpreter with fewer holes in its memory"
        )));
    }
    Ok(proportions)
}

fn proportions(component: &[u8], python: &[u8]) -> std::result::Result<Proportions, String> {
    edges(component)?;
    let (mut memory, mut data_bytes, mut start, mut end) = (None, 0_u64, u64::MAX, 0_u64);
    for payload in Parser::new(0).parse_all(python) {
        match payload.map_err(|error| error.to_string())? {
            Payload::MemorySection(memories) => {
                let mut memories = memories.into_iter();
                let only = memories
                    .next()
                    .transpose()
                    .map_err(|error| error.to_string())?;
                memory = only.filter(|_| memories.next().is_none());
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.map_err(|error| error.to_string())?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        continue;
                    };
                    let mut offset = offset_expr.get_operators_reader();
                    let Ok(Operator::I32Const { value }) = offset.read() else {
                        return Err("a data segment lies at no constant address".to_owned());
                    };
                    let at = u64::from(value.cast_unsigned());
                    let len = segment.data.len() as u64;
                    (start, end) = (start.min(at), end.max(at + len));
                    data_bytes += len;
                }
            }
            _ => {}
        }
    }
    let memory = memory.ok_or("the interpreter has not exactly one memory")?;
    let maximum = memory
        .maximum
        .ok_or("the interpreter's memory has no maximum")?;
    Ok(Proportions {
        component_bytes: component.len() as u64,
        memory_bytes: memory.initial << 16,
        maximum_bytes: maximum << 16,
        density: data_bytes as f64 / end.saturating_sub(start).max(1) as f64,
    })
}

/// Checks the outermost imports and exports.
fn edges(component: &[u8]) -> std::result::Result<(), String> {
    let mut depth = 0;
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|error| error.to_string())? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let name = import.map_err(|error| error.to_string())?.name.name;
                    if !IMPORTS.iter().any(|allowed| name.starts_with(allowed)) {
                        return Err(format!("it imports `{name}`"));
                    }
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    exports.push(export.map_err(|error| error.to_string())?.name.name);
                }
            }
            _ => {}
        }
    }
    if exports == [EXPORT] {
        Ok(())
    } else {
        Err(format!("it exports {exports:?}, expected {EXPORT} alone"))
    }
}
