//! The additions to a module besides checks: under which indices and names.
//!
//! Everything comes after what is there of its kind, so nothing is renumbered.
//!
//! | kind | what, in this order |
//! |---|---|
//! | globals | the counter; with a [limit](crate::MemoryLimit) the pages, and whether any were refused |
//! | memories | the floor |
//! | tables | the hook |
//! | tags | what checks throw |
//! | functions | the [helpers](crate::bulk), then *clamp*, *ask* and *stop* (see [`functions`](crate::functions)) |

use std::collections::BTreeSet;

use crate::{
    bulk::Helper,
    checks::{Checks, SlowPathIndex},
    error::{MeterError, Result},
    module::{Module, index},
    options::{MemoryLimit, Options, SlowPath, StopTag},
};

/// The additions to a module besides code.
pub(crate) struct Additions<'o> {
    pub options: &'o Options,
    /// Most checks.
    pub checks: Checks,
    /// Those at instructions which the engine executes by functions of its own. They look at the
    /// floor also where a run is stopped by sending it to the stop function.
    pub watchful: Checks,
    pub helpers: BTreeSet<Helper>,
    /// The index of the first function that is neither the module's own nor a helper.
    first_function: u32,
}

impl<'o> Additions<'o> {
    /// Decides on indices, and checks that names are free, and that the module has what the options
    /// name.
    pub(crate) fn new(
        module: &Module<'_>,
        options: &'o Options,
        helpers: BTreeSet<Helper>,
    ) -> Result<Self> {
        names_are_free(module, &names(options))?;
        if let Some(limit) = &options.memory {
            memory_can_be_limited(module, limit)?;
        }
        let first_function = index(module.functions.len() + helpers.len());
        let fuel = module.globals();
        let floor = options.floor.as_ref().map(|_| index(module.memories.len()));
        let ask = first_function + u32::from(options.memory.is_some());
        let slow_path = slow_path(module, &options.slow_path, ask)?;
        let watchful = Checks {
            fuel,
            floor,
            slow_path,
        };
        let checks = Checks {
            floor: floor.filter(|_| options.stop.is_none()),
            ..watchful
        };
        Ok(Self {
            options,
            checks,
            watchful,
            helpers,
            first_function,
        })
    }

    /// The tag that is to be defined, by the name it is exported under.
    pub(crate) fn defined_tag(&self) -> Option<&'o str> {
        match &self.options.slow_path {
            SlowPath::Throw(StopTag::Define { export }) => Some(export),
            _ => None,
        }
    }

    /// The hook, by the name its table is exported under.
    pub(crate) fn hook(&self) -> Option<&'o str> {
        match &self.options.slow_path {
            SlowPath::Ask { hook } => Some(hook),
            _ => None,
        }
    }

    /// The function that limits what memory grows by.
    pub(crate) fn clamp(&self) -> Option<u32> {
        self.options.memory.as_ref().map(|_| self.first_function)
    }

    /// The function that only traps.
    pub(crate) fn stop(&self) -> u32 {
        self.first_function + u32::from(self.clamp().is_some()) + u32::from(self.hook().is_some())
    }

    /// The global for the limit of the memory; the one for refusals comes after it.
    pub(crate) fn pages(&self) -> u32 {
        self.checks.fuel + 1
    }
}

/// All that is to be exported.
fn names(options: &Options) -> Vec<&String> {
    let mut names = vec![&options.fuel];
    names.extend(&options.floor);
    names.extend(&options.stop);
    if let Some(limit) = &options.memory {
        names.extend([&limit.pages, &limit.refused]);
    }
    match &options.slow_path {
        SlowPath::Throw(StopTag::Define { export: name }) | SlowPath::Ask { hook: name } => {
            names.push(name);
        }
        SlowPath::Trap | SlowPath::Throw(StopTag::Import { .. }) | SlowPath::Call { .. } => {}
    }
    names
}

/// Checks that names are neither exported already nor given twice.
fn names_are_free(module: &Module<'_>, names: &[&String]) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
        if module.export(name).is_some() || names[..index].contains(name) {
            return Err(MeterError::ExportTaken {
                name: (*name).clone(),
            });
        }
    }
    Ok(())
}

fn memory_can_be_limited(module: &Module<'_>, limit: &MemoryLimit) -> Result<()> {
    let maximum = limit.maximum;
    match module.memories[..] {
        [memory] if module.imported_memories == 0 => {
            let initial = memory.initial;
            if initial > u64::from(maximum) {
                return Err(MeterError::MemoryTooLarge { initial, maximum });
            }
            Ok(())
        }
        _ => Err(MeterError::NotOneMemory),
    }
}

/// Finds the tag or the function of the slow path. `ask` is the function that asks a hook, if there
/// is one.
fn slow_path(module: &Module<'_>, slow_path: &SlowPath, ask: u32) -> Result<SlowPathIndex> {
    let (kind, imports, name, from) = match slow_path {
        SlowPath::Trap => return Ok(SlowPathIndex::Trap),
        SlowPath::Throw(StopTag::Define { .. }) => {
            return Ok(SlowPathIndex::Throw(index(module.tags.len())));
        }
        SlowPath::Ask { .. } => return Ok(SlowPathIndex::Ask(ask)),
        SlowPath::Throw(StopTag::Import { module: from, name }) => {
            ("tag", &module.imported_tags, name, from)
        }
        SlowPath::Call { module: from, name } => {
            ("function", &module.imported_functions, name, from)
        }
    };
    let found = imports
        .iter()
        .find(|import| import.module == from && import.name == name);
    let Some(import) = found else {
        return Err(MeterError::MissingImport {
            kind,
            module: from.clone(),
            name: name.clone(),
        });
    };
    let (ty, index) = match kind {
        "tag" => (
            module.tags[import.index as usize],
            SlowPathIndex::Throw(import.index),
        ),
        _ => (
            module.functions[import.index as usize],
            SlowPathIndex::Call(import.index),
        ),
    };
    let ty = &module.types[ty as usize];
    if !ty.params().is_empty() || !ty.results().is_empty() {
        return Err(MeterError::SlowPathSignature {
            kind,
            name: name.clone(),
        });
    }
    Ok(index)
}
