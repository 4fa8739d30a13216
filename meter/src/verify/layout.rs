//! Finding the counter, the floor, the slow path and the limit of the memory in a metered module, and
//! proving that nothing but the code and the host can reach them.

use wasmparser::{ExternalKind, RefType, ValType};

use crate::{
    checks::SlowPathIndex,
    module::{Module, NamedImport},
    options::{MemoryLimit, Options, SlowPath, StopTag},
};

use super::{
    boundary::Boundary,
    error::{Result, VerifyError},
    own,
    pattern::{Limit, Pattern},
};

/// The form of checks in this module.
pub(super) fn find_pattern(
    module: &Module<'_>,
    boundary: &Boundary,
    options: &Options,
) -> Result<Pattern> {
    let fuel = find_global(module, &options.fuel, ValType::I64)?;
    let floor = options
        .floor
        .as_ref()
        .map(|name| find_floor(module, name))
        .transpose()?;
    let hook = match &options.slow_path {
        SlowPath::Ask { hook } => Some(find_hook(module, boundary, hook)?),
        _ => None,
    };
    let limit = options
        .memory
        .as_ref()
        .map(|limit| find_limit(module, limit, floor.is_some()))
        .transpose()?;
    let pattern = Pattern {
        fuel,
        floor,
        always_watch: options.stop.is_none(),
        slow_path: find_slow_path(module, options, fuel, hook)?,
        hook,
        limit,
    };
    own_functions_are_hidden(&pattern, boundary)?;
    Ok(pattern)
}

fn find_global(module: &Module<'_>, name: &str, ty: ValType) -> Result<u32> {
    let index = (module.export(name))
        .filter(|export| export.kind == ExternalKind::Global)
        .and_then(|export| {
            let defined = export.index.checked_sub(module.imported_globals)?;
            let global = module.defined_globals.get(defined as usize)?;
            (*global == (ty, true)).then_some(export.index)
        })
        .ok_or_else(|| VerifyError::NoCounter {
            export: name.to_owned(),
            expected: match ty {
                ValType::I64 => "a mutable global of type i64",
                _ => "a mutable global of type i32",
            },
        })?;
    only_export(module, ExternalKind::Global, index, name)?;
    Ok(index)
}

/// Finds the table of the hook, which holds nothing at first.
fn find_hook(module: &Module<'_>, boundary: &Boundary, name: &str) -> Result<u32> {
    let index = (module.export(name))
        .filter(|export| export.kind == ExternalKind::Table)
        .filter(|export| export.index >= module.imported_tables)
        .and_then(|export| {
            let table = module.tables.get(export.index as usize)?;
            let fits = (table.element_type, table.initial, table.maximum)
                == (RefType::FUNCREF, 1, Some(1));
            fits.then_some(export.index)
        })
        .ok_or_else(|| VerifyError::NoCounter {
            export: name.to_owned(),
            expected: "a table of exactly one function",
        })?;
    only_export(module, ExternalKind::Table, index, name)?;
    if boundary.filled_tables.contains(&index) {
        return Err(VerifyError::CounterShared {
            by: "an element segment".to_owned(),
        });
    }
    Ok(index)
}

/// Finds what limits the memory, which is the module's own and, but for the floor, its only one.
fn find_limit(module: &Module<'_>, limit: &MemoryLimit, has_floor: bool) -> Result<Limit> {
    let maximum = limit.maximum;
    let others = usize::from(has_floor);
    let memory = (module.memories.first())
        .filter(|_| module.imported_memories == 0 && module.memories.len() == 1 + others)
        .filter(|memory| memory.maximum.is_some_and(|own| own <= u64::from(maximum)));
    if memory.is_none() {
        return Err(VerifyError::MemoryNotLimited { maximum });
    }
    let pages = find_global(module, &limit.pages, ValType::I32)?;
    let refused = find_global(module, &limit.refused, ValType::I32)?;
    let clamp = own::find_clamp(module, pages, refused)?;
    let expected = "function that limits the memory".to_owned();
    Ok(Limit {
        pages,
        refused,
        clamp: clamp.ok_or(VerifyError::NoSlowPath { expected })?,
    })
}

/// Nobody but the code can call the meter's own functions.
fn own_functions_are_hidden(pattern: &Pattern, boundary: &Boundary) -> Result<()> {
    let shared = |by: &str| Err(VerifyError::CounterShared { by: by.to_owned() });
    let is_own = |function: &u32| pattern.is_own(*function);
    if boundary.exported.iter().any(is_own) {
        return shared("an exported function");
    }
    if boundary.mentioned.iter().any(is_own) {
        return shared("a table or a global");
    }
    if boundary.start.iter().any(is_own) {
        return shared("the start function");
    }
    Ok(())
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

fn find_slow_path(
    module: &Module<'_>,
    options: &Options,
    fuel: u32,
    hook: Option<u32>,
) -> Result<SlowPathIndex> {
    let (found, ty, expected) = match &options.slow_path {
        SlowPath::Trap => return Ok(SlowPathIndex::Trap),
        SlowPath::Ask { hook: name } => {
            let ask = match hook {
                Some(hook) => own::find_ask(module, fuel, hook)?,
                None => None,
            };
            let expected = format!("function that asks the hook in `{name}`");
            let ask = ask.map(SlowPathIndex::Ask);
            return ask.ok_or(VerifyError::NoSlowPath { expected });
        }
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
