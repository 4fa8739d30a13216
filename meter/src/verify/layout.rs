//! Finding the counter, the floor and the slow path in a metered module, and proving that nothing but
//! the code and the host can reach them.

use wasmparser::{ExternalKind, ValType};

use crate::{
    checks::SlowPathIndex,
    module::{Module, NamedImport},
    options::{Options, SlowPath, StopTag},
};

use super::{
    error::{Result, VerifyError},
    pattern::Pattern,
};

/// What checks look like in this module.
pub(super) fn find_pattern(module: &Module<'_>, options: &Options) -> Result<Pattern> {
    Ok(Pattern {
        fuel: find_counter(module, &options.fuel)?,
        floor: options
            .floor
            .as_ref()
            .map(|name| find_floor(module, name))
            .transpose()?,
        always_watch: options.stop.is_none(),
        slow_path: find_slow_path(module, options)?,
    })
}

fn find_counter(module: &Module<'_>, name: &str) -> Result<u32> {
    let index = (module.export(name))
        .filter(|export| export.kind == ExternalKind::Global)
        .and_then(|export| {
            let defined = export.index.checked_sub(module.imported_globals)?;
            let global = module.defined_globals.get(defined as usize)?;
            (*global == (ValType::I64, true)).then_some(export.index)
        })
        .ok_or_else(|| VerifyError::NoCounter {
            export: name.to_owned(),
            expected: "a mutable global of type i64",
        })?;
    only_export(module, ExternalKind::Global, index, name)?;
    Ok(index)
}

fn find_floor(module: &Module<'_>, name: &str) -> Result<u32> {
    let index = (module.export(name))
        .filter(|export| export.kind == ExternalKind::Memory)
        .filter(|export| export.index >= module.imported_memories)
        .and_then(|export| {
            let memory = module.memories.get(export.index as usize)?;
            (memory.initial == 1 && memory.maximum == Some(1)).then_some(export.index)
        })
        .ok_or_else(|| VerifyError::NoCounter {
            export: name.to_owned(),
            expected: "a memory of exactly one page",
        })?;
    only_export(module, ExternalKind::Memory, index, name)?;
    if module.data_segments.contains(&Some(index)) {
        return Err(VerifyError::CounterShared {
            by: "a data segment".to_owned(),
        });
    }
    Ok(index)
}

fn only_export(module: &Module<'_>, kind: ExternalKind, index: u32, name: &str) -> Result<()> {
    let other = (module.exports.iter())
        .find(|export| export.kind == kind && export.index == index && export.name != name);
    match other {
        Some(export) => Err(VerifyError::CounterShared {
            by: format!("the export `{}`", export.name),
        }),
        None => Ok(()),
    }
}

fn find_slow_path(module: &Module<'_>, options: &Options) -> Result<SlowPathIndex> {
    let (found, ty, expected) = match &options.slow_path {
        SlowPath::Trap => return Ok(SlowPathIndex::Trap),
        SlowPath::Throw(StopTag::Define { export: name }) => {
            let tag = (module.export(name))
                .filter(|export| export.kind == ExternalKind::Tag)
                .filter(|export| export.index as usize >= module.imported_tags.len())
                .map(|export| export.index);
            let ty = tag.and_then(|tag| module.tags.get(tag as usize));
            (
                tag.map(SlowPathIndex::Throw),
                ty,
                format!("exported tag `{name}`"),
            )
        }
        SlowPath::Throw(StopTag::Import { module: from, name }) => {
            let tag = find_import(&module.imported_tags, from, name);
            let ty = tag.and_then(|tag| module.tags.get(tag as usize));
            (
                tag.map(SlowPathIndex::Throw),
                ty,
                format!("imported tag `{from}` `{name}`"),
            )
        }
        SlowPath::Call { module: from, name } => {
            let function = find_import(&module.imported_functions, from, name);
            let ty = function.and_then(|function| module.functions.get(function as usize));
            (
                function.map(SlowPathIndex::Call),
                ty,
                format!("imported function `{from}` `{name}`"),
            )
        }
    };
    let signature = ty.and_then(|ty| module.types.get(*ty as usize));
    let fits = signature.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty());
    found
        .filter(|_| fits)
        .ok_or(VerifyError::NoSlowPath { expected })
}

fn find_import(imports: &[NamedImport<'_>], module: &str, name: &str) -> Option<u32> {
    let import = imports
        .iter()
        .find(|import| import.module == module && import.name == name)?;
    Some(import.index)
}
