//! Random modules of wasm-smith's, of any instructions that the meter accepts.

use arbitrary::Unstructured;
use wasm_smith::{Config, Module};

/// The features that a module may have.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Exceptions, which not every engine has.
    pub exceptions: bool,
    /// Imports.
    pub imports: bool,
    /// The number of times around loops and into functions before it traps. `None`: for ever.
    pub turns: Option<u32>,
}

/// A module, or `None` if these bytes yield none.
pub fn module(bytes: &[u8], shape: Shape) -> Option<Vec<u8>> {
    let config = Config {
        min_funcs: 3,
        max_funcs: 12,
        max_instructions: 200,
        min_exports: 4,
        max_imports: if shape.imports { 5 } else { 0 },
        max_memories: 2,
        max_tables: 2,
        max_memory32_bytes: 1 << 20,
        max_table_elements: 1000,
        memory_max_size_required: true,
        table_max_size_required: true,
        bulk_memory_enabled: true,
        reference_types_enabled: true,
        simd_enabled: true,
        exceptions_enabled: shape.exceptions,
        multi_value_enabled: true,
        relaxed_simd_enabled: false,
        gc_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        custom_page_sizes_enabled: false,
        wide_arithmetic_enabled: false,
        shared_everything_threads_enabled: false,
        custom_descriptors_enabled: false,
        ..Config::default()
    };
    let mut module = Module::new(config, &mut Unstructured::new(bytes)).ok()?;
    if let Some(turns) = shape.turns {
        module.ensure_termination(turns).ok()?;
    }
    Some(module.to_bytes())
}
